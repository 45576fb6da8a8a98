"""Limits with known answers: the engine with all but one mechanism switched off.

Which row of the table of theory is promised where (page, then tests without their ``test_``):

T01a Bass, continuous (diffusion)
    the_closed_form_of_bass_is_the_published_one
    ten_thousand_people_adopt_as_bass_says
T01b Bass, one step a month, hazard (diffusion)
    one_synchronous_step_a_month_has_its_own_known_curve
    ten_thousand_people_adopt_as_bass_says
T01c Bass, one step a month, linear (diffusion)
    one_synchronous_step_a_month_has_its_own_known_curve
    ten_thousand_people_adopt_as_bass_says
T01d Bass with a hundred people (diffusion)
    a_hundred_people_adopt_with_the_exact_mean_and_spread
T02 logistic growth (diffusion)
    logistic_growth_has_its_known_values
    use_that_only_spreads_grows_logistically
T02b logistic map (diffusion)
    logistic_growth_has_its_known_values
    use_that_only_spreads_grows_logistically
T03a thresholds 0 to 99 (thresholds)
    thresholds_from_0_to_99_bring_in_everybody_one_by_one
T03b the 1 becomes a 2 (thresholds)
    one_person_with_a_threshold_of_two_instead_of_one_stops_the_crowd
T03c normal thresholds (thresholds)
    normal_crowds_end_at_their_known_sizes
    a_normal_crowd_ends_at_the_first_fixed_point
T03d uniform thresholds (thresholds)
    of_all_crowds_exactly_the_parking_functions_join_in
    random_thresholds_bring_in_everybody_as_often_as_cars_park
T04a window of cascades (thresholds)
    the_window_of_global_cascades_has_its_known_ends
T04b one seed (thresholds)
    outside_the_window_one_user_sets_off_nothing
    inside_the_window_one_user_sometimes_convinces_nearly_all
T04c a share of seeds (thresholds)
    a_share_of_seeds_convinces_the_share_gleeson_and_cahalane_say
T05a ring, few needed (thresholds)
    two_fronts_cover_a_ring_in_the_known_number_of_steps
T05b ring, too many needed (thresholds)
    who_asks_for_more_than_half_the_circle_is_never_reached
T05c long ties (thresholds)
    long_ties_speed_simple_contagion_and_break_complex_contagion
    complex_contagion_breaks_as_often_as_on_independently_swapped_ties
T10a coming and going (diffusion)
    constant_starting_and_stopping_settle_at_the_two_state_share
T10b contagious coming, going (diffusion)
    contagious_starting_settles_where_the_schedule_says
    contagious_starting_in_ever_finer_steps_settles_where_rates_balance
T11 skill (recursions)
    skill_follows_the_learning_curve
T12 habit (recursions)
    a_daily_habit_grows_on_the_curve_of_lally
    a_month_of_daily_use_forms_the_habit_of_its_working_days
T13a adstock (recursions)
    pulses_of_a_measure_pile_up_and_fade_as_adstock
T13b dividing a budget (recursions)
    the_best_split_of_a_budget_is_the_known_one
    an_optimiser_of_budgets_finds_the_best_split
T14 clustering (networks)
    a_ring_is_clustered_as_watts_and_strogatz_say
    moving_a_tenth_of_the_ties_leaves_most_of_the_clustering
T14b friendship paradox (networks)
    ones_friends_have_more_friends_than_oneself
T16 two who copy each other (thresholds, variants)
    two_who_copy_each_other_swap_places_for_ever
    two_who_copy_each_other_agree_at_once_if_one_acts_after_the_other
T19 starting alone (diffusion)
    without_colleagues_people_start_at_a_constant_rate
T20 invariances (invariances, diffusion)
    people_on_other_rows_live_the_same_lives
    twice_the_people_with_the_same_rates_adopt_at_the_same_pace
    a_measure_of_dose_0_leaves_every_bit_as_it_was
    two_halves_of_a_measure_are_the_whole
"""
