/* Shows the game: where it begins, a turn, and what it came to. Rules are in game_rules.js. */
'use strict';

(() => {
  const game = PlayOn.gameOf({...held.game, engine: held.engine, arrays: held.arrays}), pictures = PlayOn.gameCharts;
  const {data} = game, {cards, length, turns} = data, last = data.months, KEPT = `adoption-game-${data.key}`;
  const LINES = {own: '#00558a', nothing: '#6b6b6b', plan: '#a64d00'};
  const WAYS = Object.keys(held.texts.en).filter((name) => name.startsWith('way_')).map((name) => name.slice(4));
  let state = null, seen = null, offers = null, choice = null, ended = null, worths = null, code = '', latest = 0, drawn = 0;

  const title = (offered) => own(cards[offered].title);
  const whole = (value) => number(Math.round(value));
  const ofPeople = (share) => number(Math.round(100 * share));
  const quiet = (text) => element('p', {class: 'quiet'}, text);
  const list = (words) => new Intl.ListFormat(LOCALES[frame.lang], {type: 'conjunction'}).format(words);
  const wide = (place) => Math.max(260, place.clientWidth);

  /* --- Kept in the browser --- */

  let memory = null; // where the browser keeps nothing

  function keep(text) {
    memory = text;
    try {
      if (text === null) localStorage.removeItem(KEPT);
      else localStorage.setItem(KEPT, text);
    } catch { /* it is in memory */ }
  }

  function kept() {
    let text = memory;
    try {
      text = localStorage.getItem(KEPT) ?? memory;
    } catch { /* it is in memory */ }
    try {
      return text === null ? null : game.read(text);
    } catch {
      return null;
    }
  }

  /* --- What is refused --- */

  function why({why: name, values = {}}) {
    const shown = {...values};
    for (const key of ['measure', 'other']) {
      if (shown[key]) shown[key] = title(cards[shown[key]] ? shown[key] : shown[key].replace(/-[0-9]+$/, ''));
    }
    for (const key of ['cost', 'left', 'total']) if (shown[key] !== undefined) shown[key] = euro(shown[key]);
    return t('refused', {why: t(name, {...shown, world: own(data.title)})});
  }

  function tell(error) {
    $('game-wrong').hidden = error === null;
    $('game-wrong').textContent = error === null ? '' : why(error instanceof game.Refusal ? error : {why: 'refused_file'});
  }

  /* --- Which screen --- */

  /* Go on from a state: work out what is seen, and show it from its top. */
  function go(to, told = '') {
    state = to;
    ended = worths = null;
    latest++;
    tell(null);
    if (state !== null) {
      keep(game.textOf(state));
      const bet = state.bets[state.bets.length - 1] ?? {low: 10, high: 60};
      choice = {start: [], way: 'volunteers', stop: null, low: Math.round(bet.low), high: Math.round(bet.high)};
      if (game.isOver(state)) ended = game.linesOf(state);
      else [seen, offers] = [game.seen(state), game.offers(state)];
    }
    show();
    $('game-status').textContent = told;
    if (told !== '' || state !== null) {
      $('game-title').focus({preventScroll: true});
      window.scrollTo({top: 0});
    }
    if (ended !== null) replay();
  }

  function show() {
    const screen = state === null ? 'start' : ended === null ? 'turn' : 'end';
    document.body.dataset.game = screen;
    drawn = $('game').clientWidth;
    ({start: showStart, turn: showTurn, end: showEnd})[screen]();
    $('game-save').hidden = $('game-anew').hidden = state === null;
    $('game-save-title').textContent = t(state === null ? 'open' : 'keep');
    $('game-sure').hidden = true;
    $('game-about').replaceChildren(quiet(t('about_here', {code})), quiet(t('about_secrets')), quiet(t('about_model')));
    window.game = {state, seen, offers, ended, worths, text: state && game.textOf(state), rules: game};
  }

  const rulesOf = () => element('ul', {class: 'rules'}, ...Object.keys(held.texts[frame.lang])
    .filter((name) => name.startsWith('rule_')).map((name) => element('li', {}, t(name))));

  function button(text, does, attributes = {}) {
    const made = element('button', {type: 'button', ...attributes}, text);
    made.addEventListener('click', does);
    return made;
  }

  /* --- The start --- */

  function showStart() {
    const before = kept(), form = element('form', {}), name = element('input', {id: 'game-team', type: 'text',
      maxlength: data.limits.team, value: t('team_usual'), autocomplete: 'off'});
    form.append(element('label', {for: 'game-team'}, t('team')), name, element('button', {class: 'main'}, t('begin')));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const team = name.value.trim();
      if (game.isName(team)) go(game.begin(team));
      else {
        $('game-wrong').hidden = false;
        $('game-wrong').textContent = t('team_wrong', {most: data.limits.team});
      }
    });
    $('game-title').textContent = own(data.title);
    const again = before && (game.isOver(before) ? t('go_on_end', {team: before.team})
      : t('go_on', {team: before.team, turn: before.bets.length + 1, turns}));
    $('game').replaceChildren(element('p', {class: 'story'}, own(data.story)),
      element('p', {}, t('game_about', {others: data.others})), element('h2', {}, t('how')), rulesOf(),
      ...(before ? [element('p', {}, button(again, () => go(before), {class: 'main', id: 'game-on'}))] : []), form);
  }

  /* --- A turn --- */

  function showTurn() {
    const month = game.monthOf(state);
    $('game-title').textContent = t('ahead', {turn: state.bets.length + 1, turns, first: month + 1, last: month + length});
    const see = element('section', {class: 'see', 'aria-labelledby': 'see'}, element('h2', {id: 'see'}, t('you_see')));
    const act = element('section', {class: 'act', 'aria-labelledby': 'act'}, element('h2', {id: 'act'}, t('you_do')));
    $('game').replaceChildren(stepsOf(), ...seen.news.map((event) => element('p', {class: 'news'},
      t('news', {month: event.month, title: own(event.title), text: own(event.text)}))),
    ...(state.bets.length === 0 ? [element('p', {class: 'story'}, own(data.story)),
      element('details', {open: ''}, element('summary', {}, t('how')), rulesOf())] : []),
    element('div', {class: 'turn'}, see, act));
    showSeen(see);
    showMoves(act);
  }

  function stepsOf() {
    return element('ol', {class: 'steps', 'aria-label': t('turns_label')}, ...Array.from({length: turns}, (_, k) => (
      element('li', {class: k < state.bets.length ? 'done' : '', ...(k === state.bets.length ? {'aria-current': 'step'} : {})},
        String(k + 1)))));
  }

  function showSeen(place) {
    const {month, licences, used, money, survey, quotes} = seen, block = (name, ...parts) => {
      const made = element('div', {class: 'card'}, element('h3', {}, t(name)), ...parts);
      place.append(made);
      return made;
    };
    const now = t('log_now', {used: whole(used[month]), licences: whole(licences[month]), month});
    const log = block('log_title', quiet(month > 0 ? now : t('log_none')));
    if (month > 0) log.append(pictures.log(wide(log), seen, {last, most: data.people, t, number, label: now}));
    const answers = survey && survey.month > 0 ? survey : null, said = answers && t('survey', {month: answers.month,
      asked: answers.asked, weekly: ofPeople(answers.weekly), error: ofPeople(answers.weeklyError),
      helps: ofPeople(answers.helps), other: ofPeople(answers.helpsError)});
    if (state.bets.length > 0) {
      const asked = block('survey_title', quiet(said ?? t('survey_held')));
      if (answers) {
        asked.append(pictures.survey(wide(asked), [
          {name: t('survey_weekly'), share: answers.weekly, error: answers.weeklyError},
          {name: t('survey_helps'), share: answers.helps, error: answers.helpsError}], {percent, label: said}));
      }
    }
    if (quotes.length > 0) {
      block('quotes_title', ...quotes.map(({department, says}) => element('blockquote', {}, `“${own(says)}” `,
        element('span', {class: 'quiet'}, `(${t('someone', {department: own(data.departments[department])})})`))));
    }
    block('money_bar', moneyBar(money), quiet(moneyText(money)));
    const rows = state.programme.map(planOf);
    const plan = block('done_title');
    plan.append(pictures.plan(wide(plan), rows, {last, month,
      label: rows.map(({name, note}) => `${name}: ${note}`).join('; ')}));
  }

  function planOf(deployment) {
    const {name, offered, start} = deployment, to = Math.min(last, game.endOf(deployment));
    const from = t(start === to ? 'done_month' : 'done_from', {first: start, last: to});
    return {name: title(offered), from: start, to, note: data.begin.includes(name) ? t('by_start') : from};
  }

  const moneyText = ({total, committed, spent}) => t('money', {left: euro(total - committed), spent: euro(spent),
    ahead: euro(committed - spent)});

  function moneyBar({total, committed, spent}) {
    const part = (name, amount) => element('i', {class: name, style: `width: ${100 * Math.max(0, amount) / total}%`});
    const key = (name) => element('li', {}, element('span', {class: `dot ${name}`}), t(name));
    return element('div', {}, element('div', {class: 'money', 'aria-hidden': 'true'}, part('spent', spent),
      part('committed', committed - spent)), element('ul', {class: 'legend', 'aria-hidden': 'true'}, key('spent'),
      key('committed'), key('left')));
  }

  /* --- What is done --- */

  const movesOf = () => ({stop: choice.stop, start: choice.start.map((measure) => (
    {measure, selection: cards[measure].appoints === 'champions' ? choice.way : null}))});

  function showMoves(place) {
    const month = game.monthOf(state), {total, committed} = seen.money, left = total - committed;
    const starts = element('fieldset', {class: 'offers'}, element('legend', {}, t('start_title', {most: data.most})),
      quiet(t('start_note')), ...offers.map((offer) => offerOf(offer, left)));
    const names = game.stoppable(state), stop = element('select', {id: 'game-stop'}, element('option', {value: ''}, t('nothing')),
      ...names.map((name) => element('option', {value: name}, title(state.programme.find((one) => one.name === name).offered))));
    stop.value = choice.stop ?? '';
    stop.addEventListener('change', () => {
      choice.stop = stop.value || null;
      check();
    });
    const stops = element('div', {class: 'field'}, element('label', {for: 'game-stop'}, t('stop')),
      names.length > 0 ? stop : element('span', {class: 'quiet'}, t('stop_none')));
    if (names.length === 0) stops.firstChild.removeAttribute('for');
    const leaves = element('p', {id: 'game-leaves', role: 'status'});
    const play = button(t('play', {months: length}), () => {
      try {
        go(game.move(state, movesOf(), {low: choice.low, high: choice.high}), t('played', {months: month + length}));
      } catch (error) {
        tell(error);
      }
    }, {class: 'main play', id: 'game-play'});
    place.append(starts, stops, betOf(month), leaves, play);
    check();
  }

  function offerOf({measure, cost, running}, left) {
    const id = `offer-${measure}`, input = element('input', {type: 'checkbox', id, value: measure});
    input.checked = choice.start.includes(measure);
    input.disabled = running;
    const price = running ? t('in_force') : euro(cost), dear = !running && cost > left;
    const head = element('div', {class: 'offer'}, input, element('label', {for: id}, title(measure)),
      element('span', {class: 'price'}, price, ...(dear ? [element('br'), element('small', {}, t('dear'))] : [])));
    const made = element('div', {class: 'lever'}, head);
    const ways = element('select', {id: `way-${measure}`}, ...WAYS.map((way) => element('option', {value: way}, t(`way_${way}`))));
    const chosen = element('div', {class: 'field way'}, element('label', {for: `way-${measure}`}, t('how_chosen')), ways);
    ways.value = choice.way;
    ways.addEventListener('change', () => {
      choice.way = ways.value;
      check();
    });
    chosen.hidden = !input.checked;
    if (cards[measure].appoints === 'champions') made.append(chosen);
    input.addEventListener('change', () => {
      choice.start = choice.start.filter((one) => one !== measure);
      if (input.checked) choice.start.push(measure);
      chosen.hidden = !input.checked;
      check();
    });
    made.append(element('details', {}, element('summary', {}, t('what_is'),
      element('span', {class: 'aside'}, ` ${title(measure)}`)), quiet(own(cards[measure].text))));
    return made;
  }

  function betOf(month) {
    const strip = element('div', {class: 'strip'}), output = element('output', {for: 'bet-low bet-high'});
    const made = element('fieldset', {class: 'bet'}, element('legend', {}, t('bet_title')),
      quiet(t('bet', {month: month + length})), output, strip);
    const draw = () => {
      output.textContent = t('bet_shown', {low: choice.low, high: choice.high});
      strip.replaceChildren(pictures.bet(Math.max(240, strip.clientWidth || 320), Math.min(choice.low, choice.high),
        Math.max(choice.low, choice.high)));
    };
    for (const side of ['low', 'high']) {
      const id = `bet-${side}`, slider = element('input', {id, type: 'range', min: 0, max: 100, step: 1, value: choice[side]});
      slider.addEventListener('input', () => {
        choice[side] = Number(slider.value);
        const other = side === 'low' ? 'high' : 'low';
        if (choice.low > choice.high) choice[other] = $(`bet-${other}`).value = choice[side];
        draw();
      });
      made.append(element('div', {class: 'bound'}, element('label', {for: id}, t(`bet_${side}`)), slider));
    }
    requestAnimationFrame(draw);
    draw();
    return made;
  }

  /* Say what the moves leave, or why they are not possible. */
  function check() {
    const leaves = $('game-leaves'), play = $('game-play');
    if (!leaves) return;
    try {
      const {total, committed} = game.money(game.decided(state, movesOf()));
      leaves.className = '';
      leaves.textContent = t('leaves', {left: euro(total - committed)});
      play.disabled = false;
    } catch (error) {
      if (!(error instanceof game.Refusal)) throw error;
      leaves.className = 'wrong';
      leaves.textContent = why(error);
      play.disabled = true;
    }
  }

  /* --- The end --- */

  const labelOf = (name) => (name === 'own' ? state.team : name === 'nothing' ? t('end_nothing')
    : t('end_plan', {plan: data.best.label}));

  function showEnd() {
    const {own: mine, nothing} = ended, more = mine.end - nothing.end;
    $('game-title').textContent = `${t('end_message', {team: state.team, end: whole(mine.end), more: whole(Math.abs(more)),
      side: t(more >= 0 ? 'above' : 'below')})}.`;
    const sentences = element('ul', {class: 'rules', id: 'game-sentences'}, ...(worths ? [worthSentence()] : []).concat(betSentence())
      .map((text) => element('li', {}, text)));
    const part = (id, heading, note, ...parts) => element('section', {'aria-labelledby': id}, element('h2', {id}, heading),
      ...(note ? [element('p', {class: 'quiet caption'}, note)] : []), ...parts);
    const curve = element('div'), bets = element('div'), moves = element('div', {id: 'game-worths'});
    $('game').replaceChildren(sentences,
      part('end-curve', t('end_curve'), t('end_curve_note'), curve, ...(data.best ? [] : [quiet(t('end_no_plan'))])),
      element('div', {class: 'ends'}, part('end-worths', t('worths'), t('worths_note', {others: data.others}), moves),
        part('end-bets', t('end_bets'), t('end_bets_note'), bets)),
      part('end-scores', t('scores'), '', scoresOf(), quiet(t('end_note', {others: data.others}))));
    showLines(curve);
    const made = state.bets.map((bet, k) => ({...bet, came: mine.came[k]}));
    bets.append(pictures.bets(Math.min(560, wide(bets)), made, {length, t, label: made.map(({low, high, came}, k) => (
      t('end_bets_label', {turn: k + 1, low: number(low), high: number(high), came: whole(came),
        verdict: t(low <= came && came <= high ? 'held' : 'missed')}))).join('; ')}));
    showWorths(moves);
  }

  function showLines(place) {
    const lines = Object.entries(ended).map(([name, {curve}]) => {
      const shares = curve.map((value) => value / 100);
      return {title: labelOf(name), colour: LINES[name], dashed: name !== 'own',
        curve: {mean: shares, low: shares, high: shares}};
    });
    const width = wide(place), svg = charts.curves(width, lines, {months: last, percent, t, stacked: true,
      marks: data.events.map((event) => [event.month, own(event.title)])});
    svg.setAttribute('aria-label', t('curves_label', {month: last,
      values: lines.map((one) => `${one.title} ${percent(one.curve.mean[last])}`).join(', ')}));
    place.append(...(charts.named(width) ? [] : [element('ul', {class: 'legend'}, ...lines.map((one) => element('li', {},
      swatch(one.colour), one.title, element('b', {}, percent(one.curve.mean[last])))))]), svg);
  }

  const betSentence = () => t('bets_sentence', {team: state.team, held: ended.own.held, bets: ended.own.bets,
    chance: t('chance'), score: number(ended.own.score, 1)});

  /* Which move was worth most, and whether that was skill: analysis.decisions.debrief_texts. */
  function worthSentence() {
    if (worths.length === 0) return t('worth_none', {team: state.team});
    const top = Math.max(0, ...worths.map(({here}) => here)), first = worths.filter(({here}) => here > top - 1e-6);
    const [best] = first.length > 0 ? first : worths;
    const most = worths.reduce((one, other) => (other.others > one.others ? other : one));
    const values = {team: state.team, move: title(best.offered), here: number(best.here, 1), others: number(data.others),
      mean: number(best.others, 1), low: number(best.low, 1), high: number(best.high, 1), other: title(most.offered),
      more: number(most.others, 1), moves: list(first.map(({offered}) => `“${title(offered)}”`))};
    if (first.length > 1) return t('worth_equal', values);
    if (best.name === most.name && best.verdict === 'skill') return t('worth_skill', values);
    return t(best.name === most.name || best.verdict !== 'skill' ? 'worth_luck' : 'worth_first', values);
  }

  function showWorths(place) {
    if (worths === null) {
      place.replaceChildren(quiet(t('replaying', {others: number(data.others)})), element('progress', {id: 'game-replay', max: 1,
        value: 0, 'aria-label': t('worths')}));
      return;
    }
    if (worths.length === 0) {
      place.replaceChildren(quiet(t('worth_none', {team: state.team})));
      return;
    }
    const signs = (value) => signed(value, number(value, 1));
    const rows = worths.map((worth) => ({...worth, name: t('worth_label', {move: title(worth.offered), month: worth.month})}));
    const label = worths.map((worth) => t('worth_said', {move: title(worth.offered), month: worth.month, here: signs(worth.here),
      mean: signs(worth.others), low: signs(worth.low), high: signs(worth.high), verdict: t(worth.verdict)})).join('; ');
    const columns = ['move', 'month', 'here', 'others', 'from', 'to', 'verdict'].map((name) => t(`col_${name}`));
    const table = element('table', {}, headOf(...columns), element('tbody', {}, ...worths.map((worth) => element('tr', {},
      element('th', {scope: 'row'}, title(worth.offered)), ...[String(worth.month), number(worth.here, 1), number(worth.others, 1),
        number(worth.low, 1), number(worth.high, 1), t(worth.verdict)].map((text) => element('td', {}, text))))));
    place.replaceChildren(pictures.worths(Math.min(620, wide(place)), rows, {t, points: signs, label}),
      element('ul', {class: 'quiet means'}, ...['skill', 'mistake', 'luck'].map((name) => element('li', {}, t(`${name}_means`)))),
      element('details', {}, element('summary', {}, t('in_numbers')), element('div', {class: 'wide', tabindex: 0,
        role: 'region', 'aria-label': t('in_numbers')}, table)));
  }

  function scoresOf() {
    const columns = ['who', 'weekly', 'euro', 'never', 'bets', 'score'].map((name) => t(`col_${name}`));
    const {nothing} = ended, rows = Object.entries(ended).map(([name, line]) => {
      const more = line.end - nothing.end, price = more > 0 ? (line.cost - nothing.cost) / more : NaN;
      const made = line.bets > 0;
      return element('tr', {}, element('th', {scope: 'row'}, labelOf(name)), ...[whole(line.end),
        Number.isFinite(price) && name !== 'nothing' ? whole(price) : '–', whole(line.never),
        made ? `${line.held}/${line.bets}` : '', made ? number(line.score, 1) : ''].map((text) => element('td', {}, text)));
    });
    return element('div', {class: 'wide', tabindex: 0, role: 'region', 'aria-label': t('scores')},
      element('table', {id: 'game-scores'}, headOf(...columns), element('tbody', {}, ...rows)));
  }

  /* Play it again without each move, while the page stays alive. */
  async function replay() {
    const mine = ++latest;
    const done = await game.worthsOf(state, (share) => {
      showProgress(share);
      if ($('game-replay')) $('game-replay').value = share;
    }, () => mine === latest);
    if (done === null) return;
    showProgress(0);
    worths = done;
    show();
    document.body.dataset.game = 'told';
  }

  /* --- Files --- */

  function save() {
    const link = element('a', {href: `data:application/yaml;charset=utf-8,${encodeURIComponent(game.textOf(state))}`,
      download: `${game.fileOf(state)}.yaml`});
    document.body.append(link);
    link.click();
    link.remove();
  }

  function listen() {
    $('game-save').addEventListener('click', save);
    $('game-open').addEventListener('change', async () => {
      const [file] = $('game-open').files;
      $('game-open').value = '';
      if (!file) return;
      try {
        go(game.read(await file.text()));
      } catch (error) {
        tell(error);
        $('game-wrong').scrollIntoView({block: 'center'});
      }
    });
    $('game-anew').addEventListener('click', () => {
      $('game-sure').hidden = false;
      $('game-no').focus();
    });
    $('game-no').addEventListener('click', () => {
      $('game-sure').hidden = true;
      $('game-anew').focus();
    });
    $('game-yes').addEventListener('click', () => {
      keep(null);
      go(null);
      $('game-title').focus();
    });
    new ResizeObserver(([{contentRect: {width}}]) => {
      if (width > 0 && Math.abs(width - drawn) > 1) show(); // pictures are drawn as wide as there is room
    }).observe($('game'));
  }

  PlayOn.views.push({name: 'game', main: $('view-game'), title: () => t('view_game'), words: () => {
    tell(null);
    $('game-status').textContent = '';
    show();
    if (worths !== null) document.body.dataset.game = 'told';
  }, head: () => `${t('view_game')}: ${own(data.title)}`,
  lead: () => t('game_lead', {turns, months: length, people: number(data.people)}),
  start: async () => {
    code = await game.start();
    listen();
    show();
  }});
})();
