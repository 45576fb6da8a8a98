/* The game as sim.play has it: a state, and what moves make of it; what is seen, what is saved, what it came to.
   Measures, prices and events come from Python as data, all numbers from the engine. It knows no screen. */
'use strict';

PlayOn.gameOf = (data) => {
  const SLICE = 4; // organisations simulated before the page may do something else
  const model = PlayOn.modelOf(), {total, mean, range} = model;
  const {cards, length, turns, limits} = data, last = data.months;
  const names = (programme) => programme.map(({name}) => name);
  let engine, asked, climate, fixed, here;

  /* A move that is not allowed: why, as a name of texts, and what is said in it. */
  class Refusal extends Error {
    constructor(why, values = {}) {
      super(why);
      Object.assign(this, {why, values});
    }
  }

  async function start() {
    engine = await model.begin(data);
    const request = model.unpooled(data.request);
    ({asked, climate} = request);
    fixed = {request, draw: model.unpooled(data.draw), run: model.unpooled(data.plan),
      terms: model.unpooled(data.terms), free: model.unpooled(data.free), dearer: data.dearer.map(model.unpooled)};
    for (const card of Object.values(cards)) card.numbers = model.unpooled(card.record);
    here = model.drawWorlds(fixed.draw, data.seed, data.run, 1);
    return engine.code;
  }

  /* --- States: sim.play.game --- */

  const begin = (team) => ({team, bets: [], programme: data.begin.map((name) => (
    {name, offered: name, start: cards[name].start, months: cards[name].months, selection: cards[name].selection}))});
  const monthOf = ({bets}) => bets.length * length;
  const isOver = ({bets}) => bets.length >= turns;
  const lengthOf = ({offered, months}) => months ?? (cards[offered].structural ? last : 1);
  const endOf = (deployment) => deployment.start + lengthOf(deployment) - 1;
  const happened = (month) => data.events.filter((event) => event.month <= month);

  function running(state) {
    const now = monthOf(state) + 1;
    return state.programme.filter((one) => one.start <= now && now <= endOf(one)).map(({name}) => offeredAs(name));
  }

  const stoppable = (state) => state.programme.filter((one) => cards[one.offered].structural
    && one.start <= monthOf(state) && monthOf(state) < endOf(one)).map(({name}) => name);

  /* The deployment that has appointed such people, whether or not it is still in force. */
  const appointedBy = (state, kind) => (kind === null ? undefined
    : state.programme.find(({offered}) => cards[offered].appoints === kind));

  function offeredAs(name) {
    const [, head] = /^(.*)-[0-9]+$/.exec(name) ?? [];
    return data.offered.includes(head) ? head : name;
  }

  function added(state, {measure, selection = null}) {
    if (running(state).includes(measure)) throw new Refusal('refused_running', {measure});
    const before = appointedBy(state, cards[measure].appoints);
    if (before) throw new Refusal('refused_appointed', {measure, other: before.offered});
    const times = state.programme.filter(({name}) => offeredAs(name) === measure).length;
    const deployment = {name: times === 0 ? measure : `${measure}-${times + 1}`, offered: measure,
      start: monthOf(state) + 1, months: cards[measure].months, selection: selection ?? cards[measure].selection};
    return {...state, programme: [...state.programme, deployment]};
  }

  /* A state with moves made and no month passed; throws what is refused. */
  function decided(state, {start: starts = [], stop = null}) {
    if (starts.length > data.most) throw new Refusal('refused_many', {most: data.most});
    let after = state;
    if (stop !== null) {
      if (!stoppable(state).includes(stop)) throw new Refusal('refused_stop', {measure: stop});
      after = {...state, programme: state.programme.map((one) => (
        one.name === stop ? {...one, months: monthOf(state) - one.start + 1} : one))};
    }
    for (const one of starts) {
      const more = added(after, one), before = money(after), now = money(more);
      if (now.committed > now.total + limits.cent) {
        throw new Refusal('refused_money', {measure: one.measure, cost: now.committed - before.committed,
          left: Math.max(0, before.total - before.committed), total: now.total});
      }
      after = more;
    }
    return after;
  }

  const move = (state, moves, bet) => {
    const after = decided(state, moves);
    return {...after, bets: [...after.bets, bet]};
  };

  /* --- What is asked of the engine --- */

  /* The sign by which chance of a deployment is named: zlib.crc32. */
  function signOf(name) {
    let sign = -1;
    for (const byte of new TextEncoder().encode(name)) {
      sign ^= byte;
      for (let k = 0; k < 8; k++) sign = (sign >>> 1) ^ (sign & 1 ? 0xEDB88320 : 0);
    }
    return ~sign & 0x7FFFFFFF;
  }

  /* Some rows of an array, in another order. */
  function rowsOf({data: all, shape: [count, ...rest]}, rows) {
    const width = all.length / count, picked = new all.constructor(rows.length * width);
    rows.forEach((row, k) => picked.set(all.subarray(row * width, (row + 1) * width), k * width));
    return {data: picked, shape: [rows.length, ...rest]};
  }

  /* Rounds of a programme, then events: as the table of sim.programme.ledger has them. */
  function requestOf(programme, events, terms) {
    const byName = (one, other) => (one.name < other.name ? -1 : 1);
    const parts = [...programme, ...data.always].sort(byName).flatMap((one) => (
      (one.rows ?? cards[one.offered].rows).map((row, k) => ({...one, row, k}))));
    const rows = [...parts.map(({row}) => row), ...[...events].sort(byName).flatMap((event) => event.rows)];
    const table = Object.fromEntries(['rounds', 'effects', 'coaching', 'culture', 'admits', 'named']
      .map((name) => [name, rowsOf(asked[name], rows)]));
    parts.forEach((one, d) => {
      if (one.offered !== undefined) changed(table.rounds.data, d, one);
    });
    const from = engine.column('Shock', climate.shocks.data, 'round');
    const kept = range(from.length).filter((k) => rows.includes(Number(from[k])));
    const shocks = kept.length > 0 ? rowsOf(climate.shocks, kept) : {data: new Uint8Array(0), shape: [0]};
    kept.forEach((k, n) => engine.put('Shock', shocks.data, n, 'round', rows.indexOf(Number(from[k]))));
    const dearer = fixed.dearer[events.length];
    return {...fixed.request, asked: {...table, stretches: asked.stretches}, terms: {...terms, dearer},
      climate: {...climate, shocks, dearer}};
  }

  /* Write what a deployment says into its round. */
  function changed(rounds, d, {name, offered, start, months, selection, k}) {
    const card = cards[offered], put = (column, value) => engine.put('Request', rounds, d, column, value);
    if (!data.begin.includes(name)) put('start', Math.max(start - 1, card.earliest));
    if (months !== card.months) put('length', card.rows.length > 1 ? Math.min(months, card.lengths[k]) : months);
    if (name !== offered) put('code', signOf(name));
    if (selection !== null) put('selection', data.selections.indexOf(selection));
  }

  function compiled(programme, events, terms) {
    const done = engine.call('compiling_planned', requestOf(programme, events, terms));
    const paid = programme.map(({offered}) => cards[offered]).find(({appoints}) => appoints === 'champions');
    return {programme: done.programme, run: paid ? {...fixed.run, record: paid.numbers} : fixed.run};
  }

  /* What there is, what is decided costs to the end, and what of that is spent. */
  function money(state) {
    const request = requestOf(state.programme, [], fixed.free);
    const {paid} = engine.call('compiling_planned', request);
    const {costs, technology, limits: bounds} = engine.call('budget_accounts',
      {asked: request.asked, staff: request.staff, terms: {...fixed.terms, dearer: fixed.dearer[0]}, paid});
    const month = monthOf(state), [, rounds] = costs.shape, items = technology.shape[1];
    const past = ({data: table}, count) => total(range(count).flatMap((row) => (
      Array.from(table.subarray(row * last, row * last + month)))));
    return {total: data.money, committed: bounds.data[0], spent: total([past(costs, rounds), past(technology, items)])};
  }

  function offers(state) {
    if (isOver(state)) return [];
    const before = money(state).committed, there = running(state);
    return data.offered.filter((measure) => there.includes(measure) || !appointedBy(state, cards[measure].appoints))
      .map((measure) => (there.includes(measure) ? {measure, cost: 0, running: true}
        : {measure, cost: money(added(state, {measure})).committed - before, running: false}));
  }

  /* --- What is seen: sim.play.seen --- */

  function lived(state, month = monthOf(state)) {
    const plan = compiled(state.programme, happened(monthOf(state)), fixed.terms);
    const {final, of} = model.simulate(here, plan, data.seed, {until: month, keep: true});
    return {of, column: (name) => engine.column('People', final.data, name)};
  }

  function seen(state) {
    const month = monthOf(state), log = range(month + 1).map((until) => {
      const {column} = lived(state, until), access = column('access'), uses = column('uses');
      return {licences: access.filter((has) => has === 1).length,
        used: access.filter((has, i) => has === 1 && uses[i] === 1).length};
    });
    return {turn: state.bets.length, month, licences: log.map(({licences}) => licences), used: log.map(({used}) => used),
      survey: surveyOf(state), quotes: quotesOf(state), money: money(state),
      news: data.events.filter((event) => month - length < event.month && event.month <= month)};
  }

  function surveyOf(state) {
    const held = state.bets.length - data.lag, turn = state.bets.length;
    if (held < 0 || turn === 0) return null;
    const {column} = lived(state, held * length), rows = data.asked[held];
    const [uses, intensity, expectation] = ['uses', 'intensity', 'expectation'].map(column);
    const share = (answers) => {
      const count = rows.length, sum = answers.reduce((yes, answer) => yes + answer, 0);
      const near = (sum + limits.largest / 2) / (count + limits.largest);
      const missing = (data.people - count) / Math.max(1, data.people - 1);
      return [sum / count, Math.sqrt(near * (1 - near) / (count + limits.largest) * missing)];
    };
    const weekly = share(rows.map((i) => (uses[i] === 1 && intensity[i] >= data.weekly ? 1 : 0)));
    const helps = share(rows.map((i) => (expectation[i] >= limits.hopeful ? 1 : 0)));
    return {month: held * length, asked: rows.length, weekly: weekly[0], weeklyError: weekly[1], helps: helps[0],
      helpsError: helps[1]};
  }

  function quotesOf(state) {
    const {column} = lived(state), columns = new Map();
    const of = (name, i) => {
      if (!columns.has(name)) columns.set(name, column(name));
      return columns.get(name)[i];
    };
    const quotes = [];
    for (const [row, luck] of data.quoted[state.bets.length]) {
      const step = stepOf(of, row), ours = (worry) => data.remarks.filter((one) => one.step === step && one.worry === worry);
      const ofWorry = ours(worryOf(of, row)), ofStep = ours(null);
      const fresh = [ofWorry, ofStep].map((some) => some.filter((one) => !quotes.some(({remark}) => remark === one)));
      const remarks = fresh.find((some) => some.length > 0) ?? (ofWorry.length > 0 ? ofWorry : ofStep);
      quotes.push({department: of('department', row), remark: remarks[Math.trunc(luck * remarks.length)]});
    }
    return quotes.map(({department, remark}) => ({department, says: remark.says}));
  }

  function stepOf(of, i) {
    if (of('access', i) !== 1 && of('uses', i) !== 1) return 'no_access';
    if (of('uses', i) !== 1) return of('ever_used', i) === 1 ? 'stopped' : 'never_tried';
    return of('intensity', i) >= data.weekly ? 'weekly' : 'now_and_then';
  }

  function worryOf(of, i) {
    const levels = data.worries.map((worry) => of(`threat_${worry}`, i)), most = Math.max(...levels);
    return most >= limits.worried ? data.worries[levels.indexOf(most)] : null;
  }

  /* --- What is saved: sim.play.saved --- */

  function fieldsOf({name, offered, start: first, months, selection}) {
    const {fields, ...card} = cards[offered], own = {...fields};
    if (!data.begin.includes(name)) own.start = first;
    if (own.start === 1) delete own.start;
    if (months !== card.months) own.months = months;
    if (selection !== null) own.selection = selection;
    if (name !== offered) own.measure = card.measure ?? offered;
    return Object.fromEntries(data.fields.filter((field) => own[field] !== undefined).map((field) => [field, own[field]]));
  }

  /* What a file of the game says of what a team did. */
  const contentOf = (state) => ({
    programme: Object.fromEntries(state.programme.map((one) => [one.name, fieldsOf(one)])),
    events: Object.fromEntries(happened(monthOf(state)).map(({name, fields}) => [name, fields])),
    play: {world: data.world, team: state.team, run: data.run, bets: state.bets},
  });

  const fileOf = ({team}) => team.replace(/[^\p{L}\p{N}_-]/gu, '-');

  function textOf(state) {
    const content = contentOf(state), {bets, ...who} = content.play;
    const block = (entries) => Object.entries(entries).map(([name, value]) => `  ${name}: ${PlayOn.yaml.text(value)}\n`).join('');
    const own = {title: `title: ${JSON.stringify(state.team)}\n`, programme: `programme:\n${block(content.programme)}`,
      events: Object.keys(content.events).length > 0 ? `events:\n${block(content.events)}` : '',
      play: `play:\n${block(who)}${bets.length > 0 ? '  bets:\n' : ''}`
        + bets.map((bet) => `  - ${PlayOn.yaml.text(bet)}\n`).join('')};
    return data.head.replace('{name}', fileOf(state))
      + data.sections.map(([name, text]) => (text === null ? own[name] : text)).join('');
  }

  /* The state to which the moves in a file lead, made one after the other. */
  function read(text) {
    const sections = PlayOn.yaml.sections(text), {play, programme = {}, events = {}} = PlayOn.yaml.read(
      ['programme', 'events', 'play'].map((name) => sections[name] ?? '').join(''));
    if (!play || typeof play !== 'object') throw new Refusal('refused_file');
    if (String(play.world).split(/[\\/]/).pop() !== data.world) throw new Refusal('refused_world', {found: play.world});
    const same = data.sections.every(([name, fixedText]) => fixedText === null || fixedText === sections[name]);
    const bets = play.bets ?? [], team = String(play.team ?? '');
    const sound = bets.every(({low, high} = {}) => 0 <= low && low <= high && high <= 100) && bets.length <= turns;
    if (!same || !sound || !isName(team)) throw new Refusal('refused_other');
    let state = begin(team);
    for (const bet of bets) state = move(state, movesOf(state, programme), {low: bet.low, high: bet.high});
    const other = contentOf(state), there = {programme: programme ?? {}, events: events ?? {}, run: play.run};
    if (canonical({programme: other.programme, events: other.events, run: data.run}) !== canonical(there)) {
      throw new Refusal('refused_other');
    }
    return state;
  }

  const isName = (team) => team.length >= 1 && team.length <= limits.team && !/[\p{C}]/u.test(team);

  const canonical = (value) => JSON.stringify(value, (_, part) => (part && typeof part === 'object' && !Array.isArray(part)
    ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1))) : part));

  function movesOf(state, programme) {
    const before = new Map(state.programme.map((one) => [one.name, one])), starts = [], stops = [];
    for (const [name, fields] of Object.entries(programme)) {
      const there = before.get(name);
      if (there === undefined && (fields.start ?? 1) === monthOf(state) + 1) {
        const measure = offeredAs(name);
        if (!data.offered.includes(measure)) throw new Refusal('refused_other');
        starts.push({measure, selection: fields.selection ?? null});
      } else if (there && endOf({...there, months: fields.months ?? null}) === monthOf(state)
          && endOf(there) > monthOf(state)) stops.push(name);
    }
    if (stops.length > 1) throw new Refusal('refused_other');
    return {start: starts, stop: stops[0] ?? null};
  }

  /* --- What it came to: analysis.decisions.debrief --- */

  function intervalScore({low, high}, value) {
    return high - low + limits.missed * (Math.max(0, low - value) + Math.max(0, value - high));
  }

  /* Where a programme leads in the organisation that was played. */
  function lineOf(programme, bets = []) {
    const {final, of} = model.simulate(here, compiled(programme, data.events, fixed.free), data.seed, {keep: true});
    const never = engine.column('People', final.data, 'ever_weekly').filter((ever) => ever === 0).length;
    const [technology, measures] = ['cost_technology', 'cost_measures'].map((name) => of(name)[0]);
    const curve = Array.from(of('adoption')[0], (share) => 100 * share);
    const came = bets.map((_, k) => curve[(k + 1) * length]);
    return {curve, cost: total(Array.from(technology, (cost, month) => cost + measures[month])),
      never: 100 * (never / data.people), end: curve[last], bets: bets.length, came,
      held: bets.filter(({low, high}, k) => low <= came[k] && came[k] <= high).length,
      score: bets.length > 0 ? mean(bets.map((bet, k) => intervalScore(bet, came[k]))) : NaN};
  }

  /* Own line, doing nothing, and the best shipped plan. */
  const linesOf = (state) => ({own: lineOf(state.programme, state.bets), nothing: lineOf(begin('').programme),
    ...(data.best ? {plan: {...data.best, end: data.best.curve[last], bets: 0, held: 0, score: NaN}} : {})});

  function verdictOf({here: mine, low, high}) {
    if (mine > 0 && low > 0) return 'skill';
    return mine < 0 && high < 0 ? 'mistake' : 'luck';
  }

  /* What is missing without each move, here and in the others, slice by slice; null if it is not to go on. */
  async function worthsOf(state, progress = () => {}, going = () => true) {
    const moves = state.programme.filter(({name}) => !data.begin.includes(name));
    const plans = [state.programme, ...moves.map((out) => state.programme.filter((one) => one !== out))]
      .map((programme) => compiled(programme, data.events, fixed.free));
    const ends = plans.map(() => []);
    for (let from = 0; moves.length > 0 && from <= data.others; from += SLICE) {
      const count = Math.min(SLICE, data.others + 1 - from);
      const worlds = model.drawWorlds(fixed.draw, data.seed, data.run + from, count);
      for (let p = 0; p < plans.length; p++) {
        await model.pause();
        if (!going()) return null;
        ends[p].push(...model.simulate(worlds, plans[p], data.seed).of('adoption').map((run) => 100 * run[last]));
        progress((from + count * (p + 1) / plans.length) / (data.others + 1));
      }
    }
    const worths = moves.map(({name, offered, start: month}, k) => {
      const less = ends[0].map((end, r) => end - ends[k + 1][r]), others = model.amount(less.slice(1));
      const worth = {name, offered, month, here: less[0], others: others.mean, low: others.low, high: others.high};
      return {...worth, verdict: verdictOf(worth)};
    });
    return worths.sort((one, other) => other.here - one.here);
  }

  return {data, start, begin, monthOf, isOver, isName, running, stoppable, decided, move, money, offers, seen, textOf, fileOf,
    read, linesOf, worthsOf, endOf, names, Refusal};
};

/* As much of YAML as files of the game have: blocks by indentation, flow, quotes. */
PlayOn.yaml = (() => {
  /* The text of each section of the first level, without what stands before. */
  function sections(text) {
    const parts = {};
    let name = null;
    for (const line of text.replace(/\r\n/g, '\n').split('\n')) {
      const [, head] = /^([\w-]+):/.exec(line) ?? [];
      if (head !== undefined) parts[name = head] = '';
      if (name !== null && line !== '') parts[name] += `${line}\n`;
    }
    return parts;
  }

  function read(text) {
    const lines = joined(text).map((line) => ({indent: line.search(/\S/), text: line.trim()}))
      .filter(({text: said}) => said !== '' && !said.startsWith('#'));
    let at = 0;
    function block(indent) {
      if (at < lines.length && lines[at].text.startsWith('- ')) {
        const items = [];
        while (at < lines.length && lines[at].indent === indent && lines[at].text.startsWith('- ')) {
          items.push(flow(lines[at++].text.slice(2)));
        }
        return items;
      }
      const content = {};
      while (at < lines.length && lines[at].indent === indent && !lines[at].text.startsWith('- ')) {
        const [, name, rest] = /^("(?:[^"\\]|\\.)*"|[^\s:]+):(?:\s+(.*))?$/.exec(lines[at++].text) ?? [];
        if (name === undefined) throw new SyntaxError('no name');
        if (rest) content[scalar(name)] = flow(rest);
        else if (at < lines.length && (lines[at].indent > indent
          || (lines[at].indent === indent && lines[at].text.startsWith('- ')))) content[scalar(name)] = block(lines[at].indent);
        else content[scalar(name)] = null;
      }
      return content;
    }
    const content = lines.length > 0 ? block(lines[0].indent) : {};
    if (at < lines.length) throw new SyntaxError('indentation');
    return content;
  }

  /* Lines, those of a bracket as one. */
  function joined(text) {
    const whole = [];
    let open = 0;
    for (const line of text.split('\n')) {
      if (open > 0) whole[whole.length - 1] += ` ${line.trim()}`;
      else whole.push(line);
      for (const sign of line.replace(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'/g, '')) {
        if ('{['.includes(sign)) open++;
        if ('}]'.includes(sign)) open = Math.max(0, open - 1);
      }
    }
    return whole;
  }

  /* A value on a line: {…}, […] or a scalar. */
  function flow(text) {
    if (!'{['.includes(text[0])) return scalar(text);
    const marks = text.match(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[{}[\],]|:(?=\s|")|(?:[^\s{}[\],:"']|:(?!\s))(?:[^{}[\],:]|:(?!\s))*/g) ?? [];
    let at = 0;
    function value() {
      const mark = marks[at++];
      if (mark === '[') {
        const items = [];
        while (marks[at] !== ']' && at < marks.length) {
          items.push(value());
          if (marks[at] === ',') at++;
        }
        at++;
        return items;
      }
      if (mark !== '{') return scalar(mark ?? '');
      const content = {};
      while (marks[at] !== '}' && at < marks.length) {
        const name = scalar(marks[at++]);
        if (marks[at++] !== ':') throw new SyntaxError('no colon');
        content[name] = value();
        if (marks[at] === ',') at++;
      }
      at++;
      return content;
    }
    return value();
  }

  function scalar(given) {
    const text = given.trim();
    if (text.startsWith('"')) return JSON.parse(text);
    if (text.startsWith("'")) return text.slice(1, -1).replace(/''/g, "'");
    if (/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text)) return Number(text);
    const constants = {null: null, '~': null, '': null, true: true, false: false};
    return text in constants ? constants[text] : text;
  }

  /* A value on a line. */
  function text(value) {
    if (Array.isArray(value)) return `[${value.map(text).join(', ')}]`;
    if (value === null || typeof value !== 'object') return JSON.stringify(value);
    return `{${Object.entries(value).map(([name, part]) => `${name}: ${text(part)}`).join(', ')}}`;
  }

  return {sections, read, text};
})();
