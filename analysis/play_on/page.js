/* Shows the strategies of the file: one sentence, three numbers, curves, a funnel, money; and moves levers. */
'use strict';

const {model} = PlayOn;
const {plans, months} = held, last = months;
const OWN = '#1f1f1f'; // colour of the visitor's plan
const WHOLE = 0.9995; // share from which on all have access

const state = {
  seed: held.seed, capture: Math.round(100 * plans[0].capture), month: Math.min(12, months),
  chosen: plans.length - 1, base: plans.length - 1, levers: null, refused: '', shown: null, own: null, code: '',
  took: null, latest: 0, latestOwn: 0,
};
const compiled = [];
let places = null;

/* --- Words and numbers --- */

const points = (share) => number(100 * share, Math.abs(share) >= 0.0095 ? 0 : 1);

/* What an amount is rounded to: half its interval holds 2 to 20 steps. */
const stepOf = ({low, high}) => (high - low > 0.01 ? 10 ** Math.max(0, Math.floor(Math.log10((high - low) / 4))) : 0);

/* How much of a measure there is; strength, the one that moves in tenths, goes before its number. */
const textOf = (value, unit, step) => (step < 0.5 ? `${unit} ${number(value, 1)}`
  : `${number(value, Number.isInteger(value) ? 0 : 1)}${unit.startsWith('%') ? '' : ' '}${unit}`);

/* --- What is known of the strategies --- */

const of = (p) => (p < plans.length ? state.shown.plans[p] : state.own);
const titleOf = (p) => (p < plans.length ? own(plans[p].title) : t('own_title'));
const colourOf = (p) => (p < plans.length ? plans[p].colour : OWN);
const all = () => model.range(plans.length + (state.own ? 1 : 0));
const ending = (p) => of(p).rows.adoption.map((run) => run[last]);
const difference = (p, other) => model.amount(ending(p).map((share, r) => share - ending(other)[r]));
const summed = (p, names) => of(p).rows[names[0]].map((_, r) => (
  model.total(names.flatMap((name) => Array.from(of(p).rows[name][r])))));
const costsOf = (p) => summed(p, ['cost_technology', 'cost_measures']);
const gainedOf = (p) => summed(p, ['value']).map((value) => value * held.people);
const leftOf = (p, share) => {
  const costs = costsOf(p);
  return gainedOf(p).map((gained, r) => gained * share - costs[r]);
};
const extraCost = (p, other) => {
  const [here, there] = [costsOf(p), costsOf(other)], [more, fewer] = [ending(p), ending(other)];
  return model.ratio(here.map((cost, r) => cost - there[r]), more.map((share, r) => held.people * (share - fewer[r])));
};
const best = () => {
  const others = model.range(plans.length).slice(1);
  return others.reduce((top, p) => (of(p).curve.mean[last] > of(top).curve.mean[last] ? p : top), others[0] ?? 0);
};

/* --- The answer --- */

function showAnswer() {
  const p = best(), level = of(p).curve, values = {label: titleOf(p), base: titleOf(0), month: last,
    share: percent(level.mean[last]), against: percent(of(0).curve.mean[last])};
  const spread = {low: percent(level.low[last]), high: percent(level.high[last])};
  const tiles = [[percent(level.mean[last]), t('number_users', values)]];
  if (p === 0) {
    $('sentence').textContent = t('alone', values);
    $('sure').textContent = t('spread', spread);
    tiles.push([`${spread.low}–${spread.high}`, t('number_spread')]);
  } else {
    const added = difference(p, 0), wins = ending(p).filter((share, r) => share > ending(0)[r]).length;
    values.points = points(added.mean);
    $('sentence').textContent = t(!added.clear ? 'no_better' : added.mean > 0 ? 'brings' : 'worse', values);
    const sure = [t('wins', {wins, organisations: held.organisations, low: points(added.low), high: points(added.high)})];
    const others = model.range(plans.length).slice(1).filter((q) => q !== p);
    if (added.clear && added.mean > 0 && others.length > 0) {
      const next = others.reduce((top, q) => (of(q).curve.mean[last] > of(top).curve.mean[last] ? q : top));
      const behind = difference(p, next);
      sure.push(t(behind.clear ? 'next_clear' : 'next_close', {other: titleOf(next), points: points(behind.mean)}));
    }
    $('sure').textContent = sure.join(' ');
    tiles.push([added.clear ? signed(added.mean, points(added.mean)) : t('unclear'),
      t(added.mean < 0 ? 'number_fewer' : 'number_more', values)]);
  }
  const extra = p === 0 ? null : extraCost(p, 0), cost = model.amount(costsOf(p));
  tiles.push(extra === null ? [euro(cost.mean), t('number_cost', {months})]
    : [euro(extra.mean, false, stepOf(extra)), t('number_extra', {months})]);
  if (held.twin !== null) {
    const most = Math.max(...held.twin.points.flat().map(Math.abs));
    $('sure').textContent += ` ${t('twin_sure', {points: number(most, most < 1 ? 1 : 0)})}`;
  }
  $('numbers').replaceChildren(...tiles.map(([figure, text]) => element('li', {}, element('b', {}, figure), text)));
}

/* --- Curves --- */

/* Where the roll-out of the first strategy begins and, where it comes in steps, where all have access. */
function marks() {
  const {goLive, delay} = plans[0].access, at = (month) => Math.max(1, month + delay);
  const first = at(model.firstAccess(plans[0])), all = at(goLive);
  return first === all ? [[first, t('go_live', {month: first})]]
    : [[first, t('first_access', {month: first})], [all, t('all_access', {month: all})]];
}

function showCurves() {
  const shown = all().map((p) => ({title: titleOf(p), colour: colourOf(p), curve: of(p).curve, dashed: p === plans.length}));
  const svg = charts.curves(Math.max(280, $('curves').clientWidth), shown, {months, percent, t, marks: marks()});
  svg.setAttribute('aria-label', t('curves_label', {month: last,
    values: shown.map(({title, curve}) => `${title} ${percent(curve.mean[last])}`).join(', ')}));
  $('curves').replaceChildren(svg);
  $('legend').hidden = charts.named($('curves').clientWidth); // they stand at the ends of the lines
  $('legend').replaceChildren(...shown.map(({title, colour, curve}) => element('li', {}, swatch(colour), title,
    element('b', {}, percent(curve.mean[last])))));
  const picked = [...new Set([0, 6, 12, 18, 24, 36, last])].filter((month) => month <= last).sort((a, b) => a - b);
  $('table').replaceChildren(
    headOf(t('strategy'), ...picked.map((month) => `${t('month')} ${month}`)),
    element('tbody', {}, ...shown.map(({title, curve}) => element('tr', {}, element('th', {scope: 'row'}, title),
      ...picked.map((month) => element('td', {}, t('range', {share: percent(curve.mean[month]),
        low: percent(curve.low[month]), high: percent(curve.high[month])})))))),
  );
}

/* --- From access to weekly use --- */

function showChosen() {
  const legend = $('chosen').querySelector('legend');
  if (state.chosen >= all().length) state.chosen = state.base;
  $('chosen').replaceChildren(legend, ...all().map((p) => {
    const input = element('input', {type: 'radio', name: 'chosen', value: p});
    input.checked = p === state.chosen;
    return element('label', {}, input, swatch(colourOf(p)), titleOf(p));
  }));
}

function showStand() {
  const p = state.chosen, {rows, story} = of(p), {month} = state, colour = colourOf(p);
  const meanOf = (values) => {
    const known = values.filter(Number.isFinite);
    return known.length > 0 ? model.mean(known) : NaN;
  };
  const at = (name) => meanOf(rows[name].map((run) => run[month]));
  // Who has access: weekly users are a share of them, where there are any; else as many as planned.
  const asPlanned = month === 0 ? 0 : accessOf(p)[month - 1] / held.people;
  const access = meanOf(rows.adoption.map((run, r) => (
    run[month] > 0 ? run[month] / rows.adoption_with_access[r][month] : asPlanned)));
  const bar = (name, share, note = '') => element('li', note ? {class: 'last'} : {},
    element('div', {class: 'name'}, element('span', {}, name), element('b', {}, percent(share))),
    element('div', {class: 'bar'}, element('i', {style: `width: ${100 * (share || 0)}%; background: ${note ? '#8a8a8a' : colour}`})),
    ...(note ? [element('span', {class: 'quiet'}, note)] : []));
  const never = at('never_started');
  $('funnel').replaceChildren(bar(t('access'), access), bar(t('kpi_tried'), at('tried')), bar(t('kpi_using'), at('using')),
    bar(t('kpi_adoption'), at('adoption')),
    bar(t('kpi_never_started'), never, t(Number.isFinite(never) ? 'never_note' : 'never_unknown')));
  $('month-shown').value = month;
  if (held.twin !== null) return;
  const departments = held.departments.map(own), width = Math.max(260, Math.min(460, $('picture').clientWidth));
  if (places === null) places = charts.placesOf(story.people, departments);
  places.groups.forEach((group) => { group.name = departments[story.people.department[group.rows[0]]]; });
  const svg = charts.people(width, places, {ties: story.ties, uses: story.users[month], champions: story.champions, colour});
  const text = t('count', {count: story.users[month].reduce((sum, uses) => sum + uses, 0), people: number(held.people), month});
  svg.setAttribute('aria-label', `${titleOf(p)}: ${text}`);
  $('picture').replaceChildren(svg);
  $('count').textContent = text;
  $('key').replaceChildren(...charts.peopleKey(colour, t));
}

const accessOf = (p) => (p < plans.length ? compiled[p] : state.own.compiled).access;

/* --- Money --- */

function showMoney() {
  const share = state.capture / 100, capture = `${number(state.capture)}%`;
  const shown = all().map((p) => ({title: titleOf(p), colour: colourOf(p), cost: model.amount(costsOf(p)),
    extra: p === 0 ? null : extraCost(p, 0), none: model.amount(leftOf(p, 0)), left: model.amount(leftOf(p, share))}));
  const svg = charts.money(Math.max(280, Math.min(860, $('money').clientWidth)),
    shown.map((one) => ({...one, nothing: one.none.mean, some: one.left.mean})),
    {euro, t});
  svg.setAttribute('aria-label', shown.map(({title, none, left}) => t('money_label', {label: title,
    low: euro(none.mean, true), high: euro(left.mean, true)})).join('; '));
  $('money').replaceChildren(svg);
  $('money-note').textContent = t('money_note', {months, capture});
  $('capture-label').textContent = t('capture', {capture});
  const whole = (text) => text.replace('−', '−\u2060'); // no line ends after a sign
  const cell = (amount, sign = false) => {
    if (amount === null) return element('td', {}, '–');
    if (amount.high - amount.low < 0.002 * Math.abs(amount.mean)) { // the same in all, but for little
      return element('td', {}, whole(euro(amount.mean, sign)));
    }
    const step = stepOf(amount), head = euro(amount.mean, sign, step);
    return element('td', {}, whole(head), element('br'), element('span', {class: 'quiet'},
      t('between', {low: whole(euro(amount.low, sign, step)), high: whole(euro(amount.high, sign, step))})));
  };
  $('money-table').replaceChildren(
    headOf(t('strategy'), t('cost'), t('cost_extra'), t('yield_none'), t('yield_some', {capture})),
    element('tbody', {}, ...shown.map(({title, cost, extra, none, left}) => element('tr', {},
      element('th', {scope: 'row'}, title), cell(cost), cell(extra), cell(none, true), cell(left, true)))));
}

/* --- Levers --- */

const isPlanned = () => JSON.stringify(state.levers) === JSON.stringify(model.planned(plans[state.base]));

/* A slider with its name, where it stands and what it costs. */
function slider(name, {min, max, step, value, label, shown, euros}, moved) {
  const input = element('input', {type: 'range', min, max, step, value, 'aria-label': label}), output = element('output');
  const cost = element('span'), show = () => {
    output.textContent = shown(Number(input.value));
    input.setAttribute('aria-valuetext', output.textContent);
    if (euros) cost.textContent = euros();
  };
  input.addEventListener('input', () => {
    moved(Number(input.value));
    showLevers.shows.forEach((one) => one());
    move();
  });
  showLevers.shows.push(show);
  const head = name === null ? [] : [element('div', {class: 'name'}, element('span', {}, name), cost)];
  show.set = (to) => { input.value = to; };
  return {parts: [...head, element('div', {class: 'slide'}, input, output)], show, set: (to) => { input.value = to; }};
}

function showLevers() {
  const plan = plans[state.base], {levers} = state, blocks = [], starts = [];
  showLevers.shows = [];
  const block = (...made) => blocks.push(element('div', {class: 'lever'}, ...made.flatMap(({parts}) => parts)));
  const now = () => state.compiled ?? compiled[state.base];
  if (levers.budget !== null) {
    const step = 10 ** Math.max(2, Math.floor(Math.log10(plan.budget || 1)) - 1);
    block(slider(t('budget'), {min: 0, max: Math.ceil(2 * Math.max(plan.budget, step) / step) * step, step: step / 2,
      value: levers.budget, label: `${t('budget')}, ${t('euro')}`, shown: (value) => euro(value)},
    (value) => { levers.budget = Math.abs(value - plan.budget) < step / 2 ? plan.budget : value; }));
  }
  const people = compiled[state.base].access[months - 1], whole = people / held.people >= WHOLE;
  const licences = slider(t('licences'), {min: 0, max: 100, step: 5, value: levers.licences,
    label: `${t('licences')}, ${t(whole ? 'of_staff' : 'of_planned')}`,
    shown: (value) => t('licences_shown', {value: number(value), people: number(Math.round(now().access[months - 1]))}),
    euros: () => euro(now().equipment[0])}, (value) => { levers.licences = value; });
  const parts = [licences];
  if (plan.access.movable) {
    parts.push(slider(null, {min: 1, max: months, step: 1, value: levers.goLive, label: t('go_live_lever'),
      shown: (value) => t('from_month', {month: number(value)})}, (value) => {
      state.levers = model.withGoLive(plan, state.levers, value);
      Object.assign(levers, state.levers);
      state.levers = levers;
      starts.forEach(({set}, k) => set && set(levers.measures[k].start));
    }));
  }
  block(...parts);
  plan.levers.forEach((lever, k) => {
    const title = own(lever.title), unit = own(lever.unit), at = levers.measures[k];
    const much = slider(title, {min: 0, max: lever.high, step: lever.step, value: at.value,
      label: t('much', {measure: title, unit}), shown: (value) => textOf(value, unit, lever.step),
      euros: () => costOf(lever, now())}, (value) => { levers.measures[k].value = value; });
    const made = [much];
    starts.push({});
    if (!lever.fixed) {
      const start = slider(null, {min: 1, max: Math.max(months, at.start), step: 1, value: at.start,
        label: t('first_month', {measure: title}), shown: (value) => t('from_month', {month: number(value)})},
      (value) => { levers.measures[k].start = value; });
      starts[k] = start;
      made.push(start);
    }
    block(...made);
  });
  $('levers').replaceChildren(...blocks);
  showLevers.shows.forEach((show) => show());
}
showLevers.shows = [];

function costOf({places: rounds}, plan) {
  const cost = model.total(rounds.map((d) => plan.rounds[d]));
  return euro(cost);
}

/* What the visitor's plan brings and costs, beside the strategy it starts from. */
function showOwn() {
  const base = plans[state.base], values = {label: own(base.title)};
  const made = state.compiled ?? compiled[state.base];
  $('wrong').hidden = true;
  if (state.refused !== '') {
    $('own').replaceChildren(element('span', {class: 'wrong'}, state.refused));
    return;
  }
  if (state.own === null) {
    $('own').textContent = t('own_same', {...values, cost: euro(made.cost)});
    return;
  }
  const unpaid = base.levers.filter((lever, k) => state.levers.measures[k].value > 0
    && lever.places.every((d) => made.cut[d] !== 0)).map(({title}) => own(title));
  const p = plans.length, added = difference(p, state.base), more = made.cost - compiled[state.base].cost;
  Object.assign(values, {points: points(Math.abs(added.mean)),
    low: points(added.mean < 0 ? -added.high : added.low), high: points(added.mean < 0 ? -added.low : added.high),
    cost: euro(made.cost), difference: Math.abs(more) < 50 ? t('as_dear')
      : t(more > 0 ? 'dearer' : 'cheaper', {amount: euro(Math.abs(more))})});
  $('own').replaceChildren(element('b', {}, t('own_users', {share: percent(of(p).curve.mean[last]), month: last})),
    element('br'), t(!added.clear ? 'own_equal' : added.mean > 0 ? 'own_more' : 'own_fewer', values),
    unpaid.length > 0 ? ` ${t('cut', {measures: unpaid.join(', ')})}` : '');
}

/* Compile what the levers ask for, at once; simulate it, unless they move again meanwhile. */
async function move() {
  const mine = ++state.latestOwn;
  document.body.dataset.state = 'running';
  state.refused = '';
  if (isPlanned()) {
    state.own = state.compiled = null;
    finish();
    return;
  }
  const made = model.compile(model.moved(plans[state.base], state.levers));
  if (!made.fits) {
    state.refused = t('over_budget', {budget: euro(state.levers.budget)});
    finish();
    return;
  }
  state.compiled = made;
  showLevers.shows.forEach((show) => show());
  const done = await model.study([made], state.seed, () => mine === state.latestOwn, showProgress);
  if (done === null) return;
  state.own = {...done.plans[0], compiled: made};
  finish();
}

function finish() {
  showProgress(0);
  show();
  showLevers.shows.forEach((one) => one());
  document.body.dataset.state = 'done';
  report();
}

function chooseBase(p) {
  state.base = p;
  state.levers = model.planned(plans[p]);
  state.own = state.compiled = null;
  state.refused = '';
  state.latestOwn++;
  showLevers();
}

/* --- About --- */

function showAbout() {
  const paragraph = (text) => element('p', {class: 'quiet'}, text);
  const made = [paragraph(t('about_what', {organisations: held.organisations, people: number(held.people), code: state.code})),
    paragraph(t('about_limits')), paragraph(t('about_levers'))];
  if (held.twin !== null) {
    const {months: when, points: apart, cost, wider} = held.twin;
    const list = element('ul', {class: 'quiet', id: 'twin'}, ...plans.map((plan, p) => element('li', {}, `${titleOf(p)}: `
      + [...when.map((month, k) => t('twin_month', {month, points: signed(apart[p][k], number(apart[p][k], 1))})),
        t('twin_cost', {difference: signed(cost[p], percent(cost[p], 1))})].join(', '))));
    made.unshift(element('p', {}, t('about_twin')), element('p', {}, t('twin_apart')), list);
    if (wider.length > 0) made.push(paragraph(t('twin_wider', {measures: wider.map(own).join(', ')})));
  }
  $('about').replaceChildren(...made);
}

/* --- Everything --- */

function showWords() {
  const more = held.twin === null && held.runs !== held.organisations ? ` ${t('curves_runs', {runs: held.runs})}` : '';
  $('curves-note').textContent = t('curves_note', {organisations: held.organisations}) + more;
  $('curves-lack').replaceChildren(...plans.map((plan, p) => [p, own(plan.lacks)]).filter(([, lacks]) => lacks !== '')
    .flatMap(([p, lacks]) => [`${titleOf(p)}: ${lacks}`, element('br')]));
  [...$('base').options].forEach((option, p) => { option.textContent = t('from_plan', {label: titleOf(p)}); });
  showAbout();
  if (state.shown === null) return;
  showLevers();
  show();
}

function show() {
  const {months: done, seconds} = state.took;
  $('status').textContent = t('took', {number: number(done / 1e6, 1), seconds: number(seconds, 1)});
  showAnswer();
  showCurves();
  showOwn();
  showChosen();
  showStand();
  showMoney();
}

/* What is on the page, for whoever tests it. */
function report() {
  window.results = {seed: state.seed, organisations: held.organisations, code: state.code,
    milliseconds: state.shown.processor, plans: Object.fromEntries(all().map((p) => {
      const {curve, story} = of(p);
      return [p < plans.length ? plans[p].name : 'own', {...curve, difference: difference(p, 0),
        cost: (p < plans.length ? compiled[p] : state.own.compiled).cost, spent: model.mean(costsOf(p)),
        users: story.users.map((one) => one.reduce((sum, uses) => sum + uses, 0))}];
    }))};
}

async function simulateAll() {
  const mine = ++state.latest;
  state.latestOwn++;
  document.body.dataset.state = 'running';
  const wanted = state.compiled ? [...compiled, state.compiled] : compiled;
  const done = await model.study(wanted, state.seed, () => mine === state.latest, (share) => {
    showProgress(share);
    if (state.shown === null) $('sentence').textContent = t('running', {share: `${number(100 * share)}%`});
    else $('status').textContent = t('running', {share: `${number(100 * share)}%`});
  });
  if (done === null) return;
  places = null;
  state.shown = {plans: done.plans.slice(0, plans.length), processor: done.processor};
  state.own = state.compiled ? {...done.plans[plans.length], compiled: state.compiled} : null;
  state.took = {months: wanted.length * held.organisations * held.people * months, seconds: done.processor / 1000};
  finish();
}

function listen() {
  $('base').addEventListener('change', () => {
    chooseBase(Number($('base').value));
    finish();
  });
  $('reset').addEventListener('click', () => {
    chooseBase(state.base);
    finish();
  });
  const toggle = (open) => {
    $('panel').classList.toggle('shown', open);
    document.body.classList.toggle('levering', open);
    $('open').setAttribute('aria-expanded', open);
    if (open) {
      window.scrollTo({top: $('curves-title').getBoundingClientRect().top + window.scrollY - 6});
      $('base').focus({preventScroll: true});
    } else $('open').focus();
  };
  $('open').addEventListener('click', () => toggle(true));
  $('close').addEventListener('click', () => toggle(false));
  $('panel').addEventListener('keydown', ({key}) => {
    if (key === 'Escape' && $('panel').classList.contains('shown')) toggle(false);
  });
  $('chosen').addEventListener('change', ({target}) => {
    state.chosen = Number(target.value);
    showStand();
  });
  $('month').addEventListener('input', () => {
    state.month = Number($('month').value);
    showStand();
  });
  $('capture').addEventListener('input', () => {
    state.capture = Number($('capture').value);
    showMoney();
  });
  $('form').addEventListener('submit', (event) => {
    event.preventDefault();
    state.seed = Number($('seed').value);
    simulateAll();
  });
  new ResizeObserver(() => {
    if (state.shown) show();
  }).observe($('curves'));
}

PlayOn.views.push({name: 'strategies', main: $('view-strategies'), title: () => t('view_strategies'),
  head: () => t('title', {organisation: held.organisation}),
  lead: () => t('lead', {organisation: held.organisation, organisations: held.organisations,
    people: number(held.people), months}),
  words: showWords, start: main});

async function main() {
  $('base').append(...plans.map((plan, p) => element('option', {value: p})));
  $('base').value = state.base;
  $('month').max = months;
  $('month').value = state.month;
  $('seed').value = state.seed;
  $('capture').value = state.capture;
  $('one').hidden = held.twin !== null;
  $('stand').classList.toggle('alone', held.twin !== null);
  state.code = (await model.begin(held)).code;
  showWords();
  compiled.push(...plans.map((plan) => model.compile(plan)));
  chooseBase(state.base);
  listen();
  await simulateAll();
}
