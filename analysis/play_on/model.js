/* Draws organisations and simulates strategies in them, as sim.world, sim.people.selection and sim.kernel do
   in Python, to the last bit; and moves what can be moved of a strategy. It knows no screen. */
'use strict';

const PlayOn = {views: []}; // pages of the file; the first is shown

/* A model of one organisation: a file can hold several. */
PlayOn.modelOf = () => {
  const SLICE = 5; // organisations simulated before the page may do something else
  const EMPLOYEE = 0; // of sim.state
  const STOP = 2; // of sim.kernel
  const FAVOUR = 0, PIVOT = 4, PIVOTS = 100, EXACT = 200; // of sim.people.selection
  const pause = () => new Promise((go) => setTimeout(go));
  const range = (count) => Array.from({length: count}, (_, k) => k);

  let engine, held, size, months;

  /* --- Sums as sim.elementary has them: rounded once --- */

  function total(numbers) {
    const parts = [];
    for (let x of numbers) {
      let kept = 0;
      for (let y of parts) {
        if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x];
        const sum = x + y, rest = y - (sum - x);
        if (rest !== 0) parts[kept++] = rest;
        x = sum;
      }
      parts.length = kept;
      parts.push(x);
    }
    let sum = 0, rest = 0;
    while (parts.length > 0 && rest === 0) {
      const x = sum, y = parts.pop();
      sum = x + y;
      rest = y - (sum - x);
    }
    const next = parts.pop();
    if (next !== undefined && rest * next > 0) { // halfway between two numbers, and more to come
      const twice = rest * 2, other = sum + twice;
      if (twice === other - sum) sum = other;
    }
    return sum;
  }

  const mean = (values) => total(values) / values.length;

  /* The value that a share of the organisations there could be lie below (Weibull). */
  function quantile(sorted, share) {
    const place = Math.min(Math.max(share * (sorted.length + 1) - 1, 0), sorted.length - 1);
    const below = Math.floor(place), above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /* A mean with its 95 % interval. */
  function amount(values) {
    const middle = mean(values), squares = values.map((value) => (value - middle) ** 2);
    const half = held.t * Math.sqrt(total(squares) / (values.length - 1) / values.length);
    return {mean: middle, low: middle - half, high: middle + half, half,
      clear: middle - half > 0 || middle + half < 0};
  }

  /* The ratio of two means with its 95 % interval by Fieller's method, null unless both are clearly above 0. */
  function ratio(above, below) {
    const count = above.length, top = mean(above), bottom = mean(below);
    const cross = (x, xm, y, ym) => total(x.map((value, k) => (value - xm) * (y[k] - ym)))
      / (count - 1) / count;
    const tops = cross(above, top, above, top), mixed = cross(above, top, below, bottom);
    const bottoms = cross(below, bottom, below, bottom), {t} = held;
    if (top - t * Math.sqrt(tops) <= 0 || bottom - t * Math.sqrt(bottoms) <= 0) return null;
    const a = bottom * bottom - t * t * bottoms, b = top * bottom - t * t * mixed;
    const root = Math.sqrt(Math.max(0, b * b - a * (top * top - t * t * tops)));
    return {mean: top / bottom, low: (b - root) / a, high: (b + root) / a};
  }

  /* --- Organisations: sim.world.draw_worlds --- */

  function drawWorlds(draw, seed, first, count) {
    const {columns, size: width} = engine.types.People;
    const people = new DataView(new ArrayBuffer(count * size * width));
    const [, , key] = columns.find(([name]) => name === 'key');
    for (let i = 0; i < count * size; i++) people.setUint32(i * width + key, i % size, true);
    const worlds = {
      people: {data: new Uint8Array(people.buffer), shape: [count, size]},
      start: {data: new BigInt64Array(count * (size + 1)), shape: [count, size + 1]},
      streams: {data: BigInt64Array.from(range(count), (k) => BigInt(first + k)), shape: [count]},
      complete: Number(draw.wiring.kind) === held.kinds.complete,
    };
    worlds.other = engine.call('world_draw', {...draw, seed, ...worlds});
    if (Number(draw.wiring.kind) !== held.kinds.teams && !worlds.complete) drawTies(draw, seed, worlds);
    return worlds;
  }

  /* Ties of networks of theory, one organisation after the other. */
  function drawTies(draw, seed, worlds) {
    const rows = [];
    let filled = 0;
    worlds.streams.data.forEach((stream, r) => {
      const {v0: begin, v1: row} = engine.call('networks_draw_theory_ties', {people: size,
        wiring: draw.wiring, seed, stream, department_start: draw.plan.department_start});
      begin.data.forEach((place, i) => {
        worlds.start.data[r * (size + 1) + i] = place + BigInt(filled);
      });
      rows.push(row.data);
      filled += row.data.length;
    });
    const data = new Uint32Array(filled);
    let at = 0;
    for (const row of rows) {
      data.set(row, at);
      at += row.length;
    }
    worlds.other = {data, shape: [filled]};
  }

  /* An organisation of a slice alone: its people, where their ties begin, and whom these notice. */
  function oneOf(worlds, k) {
    const width = size * engine.types.People.size, at = k * (size + 1);
    const whole = Array.from(worlds.start.data.subarray(at, at + size + 1), Number), from = whole[0];
    return {
      people: {data: worlds.people.data.subarray(k * width, (k + 1) * width), shape: [size]},
      start: whole.map((place) => place - from),
      other: worlds.other.data.subarray(from, whole[size]),
      stream: worlds.streams.data[k],
    };
  }

  const peopleColumn = ({people}, name) => engine.column('People', people.data, name);

  /* --- Champions: sim.people.selection.choose --- */

  const ranked = (scores) => range(scores.length).sort((i, j) => scores[j] - scores[i] || i - j);

  function championsOf(worlds, programme, run, seed) {
    const [count] = worlds.streams.shape, {people, streams} = worlds;
    const chosen = {data: new Uint8Array(count * size), shape: [count, size]};
    const office = (name) => Number(engine.column('Offices', programme.offices.data, name)[0]);
    const wanted = office('champions');
    if (wanted === 0) return chosen;
    const able = {data: new Uint8Array(count * size), shape: [count, size]};
    engine.call('kernel_eligible', {people, plan: programme, seed, streams, able});
    for (let k = 0; k < count; k++) {
      const here = able.data.subarray(k * size, (k + 1) * size);
      for (const i of chooseIn(oneOf(worlds, k), here, wanted, held.selections[office('selection')], run, seed)) {
        chosen.data[k * size + i] = 1;
      }
    }
    return chosen;
  }

  function chooseIn(world, eligible, wanted, selection, run, seed) {
    const {people, stream} = world, role = peopleColumn(world, 'role');
    const keys = {data: peopleColumn(world, 'key'), shape: [size]};
    const able = Uint8Array.from(eligible, (may, i) => (may && role[i] === EMPLOYEE ? 1 : 0));
    const number = Math.min(wanted, able.reduce((sum, may) => sum + may, 0));
    const lots = (index) => engine.call('selection_lots', {keys, index, seed, stream}).data;
    const start = {data: BigInt64Array.from(world.start, BigInt), shape: [size + 1]};
    const other = {data: world.other, shape: [world.other.length]};
    const truth = {data: able, shape: [size]}, favour = lots(FAVOUR);
    let value = new Float64Array(size), scale = 1;
    if (selection === 'volunteers' || selection === 'per_department') {
      value = engine.call('selection_willingness', {people, record: run.record, threat: run.s.threat}).data;
      scale = 1e-9;
    } else if (selection === 'most_connected') {
      value = value.map((_, i) => world.start[i + 1] - world.start[i]);
    } else if (selection === 'best_bridge') {
      const ends = size <= EXACT ? range(size) : ranked(lots(PIVOT)).slice(0, PIVOTS);
      value = engine.call('selection_betweenness', {start, other,
        ends: {data: BigInt64Array.from(ends, BigInt), shape: [ends.length]}}).data;
      scale = 1e-9;
    } else if (selection === 'nominated') {
      value = engine.call('selection_nominations', {people, start, other, able: truth, seed, stream}).data;
    }
    const line = ranked(Array.from(value, (worth, i) => (able[i] ? worth + scale * favour[i] : -Infinity)));
    if (selection === 'greedy') {
      const {data} = engine.call('selection_covering', {start, other, able: truth, wanted: number,
        line: {data: BigInt64Array.from(line, BigInt), shape: [size]}});
      return range(size).filter((i) => data[i]);
    }
    if (selection !== 'per_department') return line.slice(0, number);
    const department = peopleColumn(world, 'department');
    return seats(department, able, number).flatMap((places, d) => (
      line.filter((i) => able[i] && department[i] === d).slice(0, places)));
  }

  /* The champions of each department: by size, at least one each while they last. */
  function seats(department, able, wanted) {
    const members = new Array(Math.max(...department) + 1).fill(0);
    department.forEach((d, i) => { members[d] += able[i]; });
    const there = members.filter((people) => people > 0).length, taken = members.map(() => 0);
    const first = ranked(members).slice(0, Math.min(wanted, there));
    for (const d of first) taken[d] = 1;
    const due = members.map((people) => people * wanted / Math.max(1, total(members)));
    for (let k = first.length; k < wanted; k++) {
      const left = due.map((places, d) => places - taken[d]);
      taken[left.indexOf(Math.max(...left))] += 1;
    }
    return taken;
  }

  /* --- Strategies --- */

  /* Numbers that came as bytes. */
  const realsOf = ({data}) => (data instanceof Float64Array ? data : new Float64Array(data.slice().buffer));

  /* What a plan asks for comes to: what it does, what it costs, and whether it fits the budget. */
  function compile({draw, run, request, name}) {
    const done = engine.call('compiling_planned', request), {costs, technology} = done;
    const sums = (table) => range(table.shape[0]).map((row) => (
      total(table.data.subarray(row * table.shape[1], (row + 1) * table.shape[1]))));
    const rounds = sums(costs), equipment = sums(technology);
    return {name, draw, run, programme: done.programme, fits: done.fits, cut: done.paid.cut.data, rounds, equipment,
      access: realsOf(request.terms.access), cost: total([...rounds, ...equipment])};
  }

  /* Simulate a strategy in some organisations: what is measured, by organisation and month; and people as they
     are after the last month, where they are kept. */
  function simulate(worlds, {programme, run}, seed, {log = false, until = months, keep = false} = {}) {
    const [count] = worlds.streams.shape;
    const reals = (...shape) => ({data: new Float64Array(shape.reduce((a, b) => a * b)), shape});
    const chosen = championsOf(worlds, programme, run, seed), rules = programme.reactions.shape[0];
    const rows = reals(count, until + 1, held.measured), kept = keep ? count : 0;
    const final = {data: new Uint8Array(kept * size * engine.types.People.size), shape: [kept, size]};
    const events = engine.call('kernel_simulate_runs', {
      ...run, months: until, people_of: worlds.people, chosen, start_of: worlds.start, other: worlds.other,
      weight: {data: new Float32Array(0), shape: [0]}, complete: worlds.complete,
      streams: worlds.streams, luck_streams: worlds.streams, plan: programme, seed, rows, final,
      places: {data: new BigInt64Array(held.groups).fill(-1n), shape: [held.groups]},
      grouped: reals(0, until + 1, 0, held.personal), heads: reals(0, until + 1, 0),
      started: {data: new BigInt64Array(count * rules), shape: [count, rules]}, log,
    });
    const of = (name) => range(count).map((r) => Float64Array.from(range(until + 1), (month) => (
      rows.data[(r * (until + 1) + month) * held.measured + held.columns[name]])));
    return {chosen, events, of, final};
  }

  /* Some strategies in all organisations, slice by slice: `going` says whether to go on. */
  async function study(compiled, seed, going, progress = () => {}) {
    const names = Object.keys(held.columns);
    const rows = compiled.map(() => Object.fromEntries(names.map((name) => [name, []])));
    const stories = [];
    let processor = 0;
    for (let from = 0; from < held.organisations; from += SLICE) {
      const count = Math.min(SLICE, held.organisations - from), drawn = new Map();
      for (let p = 0; p < compiled.length; p++) {
        await pause();
        if (!going()) return null;
        const began = performance.now(), {draw} = compiled[p];
        if (!drawn.has(draw)) drawn.set(draw, drawWorlds(draw, seed, from, count));
        const worlds = drawn.get(draw), done = simulate(worlds, compiled[p], seed, {log: from === 0});
        for (const name of names) rows[p][name].push(...done.of(name));
        if (from === 0) stories.push(storyOf(worlds, done));
        processor += performance.now() - began;
        progress((from + count * (p + 1) / compiled.length) / held.organisations);
      }
    }
    return {processor, plans: rows.map((all, p) => ({rows: all, story: stories[p],
      curve: curveOf(all.adoption)}))};
  }

  /* Who uses AI in the first organisation, month by month, who is champion there, who notices whom. */
  function storyOf(worlds, {chosen, events, of}) {
    const world = oneOf(worlds, 0), [count, width] = events.shape;
    const now = peopleColumn(world, 'uses').slice(), users = [];
    for (let month = 0, e = 0; month <= months; month++) {
      for (; e < count; e++) {
        const [inRun, when, , person, kind] = events.data.subarray(e * width, (e + 1) * width);
        if (inRun > 0 || when > month) break;
        now[person] = kind === STOP ? 0 : 1;
      }
      users.push(now.slice());
    }
    const people = Object.fromEntries(['role', 'department', 'team'].map((name) => (
      [name, Array.from(peopleColumn(world, name), Number)])));
    const ties = [];
    for (let i = 0; i < size && !worlds.complete; i++) {
      for (const j of world.other.subarray(world.start[i], world.start[i + 1])) if (j > i) ties.push([i, j]);
    }
    return {users, using: of('using')[0], champions: chosen.data.slice(0, size), people, ties};
  }

  function curveOf(runs) {
    const curve = {mean: [], low: [], high: []};
    for (let month = 0; month <= months; month++) {
      const values = runs.map((run) => run[month]).sort((a, b) => a - b);
      curve.mean.push(mean(values));
      curve.low.push(quantile(values, 0.1));
      curve.high.push(quantile(values, 0.9));
    }
    return curve;
  }

  /* --- Levers --- */

  const firstAccess = ({access}) => Math.min(...access.phases.filter((month) => month !== null), access.goLive);

  /* Where the levers of a strategy stand as planned. */
  function planned(plan) {
    return {licences: 100, goLive: firstAccess(plan), budget: plan.budget,
      measures: plan.levers.map(({value, places, starts}) => ({
        value, start: places.length > 0 ? starts[0] + 1 : 1}))};
  }

  /* A strategy with its levers where they stand: a new one, of which nothing is compiled yet. */
  function moved(plan, levers) {
    const later = levers.goLive - firstAccess(plan), rolled = later !== 0 || levers.licences < 100;
    const {request, draw, run} = rolled ? rolledOut(plan, later, levers.licences / 100) : plan;
    const {rounds} = request.asked, data = rounds.data.slice(), usual = planned(plan);
    plan.levers.forEach((lever, k) => {
      const {value, start} = levers.measures[k], shift = start - usual.measures[k].start;
      lever.places.forEach((place, n) => {
        if (Math.abs(value - lever.value) > 1e-9) {
          engine.put('Request', data, place, lever.column, Number((value * lever.factor).toFixed(9)));
        }
        if (shift !== 0) {
          engine.put('Request', data, place, 'start', Math.max(0, lever.starts[n] + shift));
        }
      });
    });
    const terms = levers.budget === null ? request.terms : {...request.terms, total: levers.budget};
    return {...plan, draw, run, request: {...request, terms,
      asked: {...request.asked, rounds: {data, shape: rounds.shape}}}};
  }

  /* Levers with the first month of access moved; what counts from go-live goes along. */
  function withGoLive(plan, levers, month) {
    const startAt = (lever, first) => (
      Math.max(0, goLiveOf(plan, first - firstAccess(plan)) - 1 + lever.after) + 1);
    return {...levers, goLive: month, measures: levers.measures.map((one, k) => {
      const lever = plan.levers[k], goes = lever.after !== null && !lever.fixed
        && one.start === startAt(lever, levers.goLive);
      return goes ? {...one, start: startAt(lever, month)} : one;
    })};
  }

  /* The month in which the last have access, when all of it comes later. */
  const goLiveOf = ({access}, later) => Math.max(1, access.goLive + later + access.delay);

  /* The roll-out some months later, and for a share of the staff alone: the others are a first phase that never comes. */
  function rolledOut(plan, later, licences) {
    const {access} = plan, {shapes} = plan.draw, count = shapes.phase_month.shape[0];
    const departments = held.departments.length, few = licences < 1;
    const phaseMonths = access.phases.map(
      (month) => (month === null ? months + 1 : Math.max(1, month + later + access.delay)));
    const shares = Array.from(realsOf(shapes.phase_share));
    const meant = Array.from(shapes.phase_departments.data);
    if (few) {
      phaseMonths.unshift(months + 1);
      shares.unshift(Number((1 - licences).toFixed(9)));
      meant.unshift(...new Array(departments).fill(1));
    }
    const number = count + (few ? 1 : 0), goLive = goLiveOf(plan, later);
    const others = {...shapes, go_live: goLive,
      phase_month: {data: BigInt64Array.from(phaseMonths, BigInt), shape: [number]},
      phase_share: {data: Float64Array.from(shares), shape: [number]},
      phase_departments: {data: Uint8Array.from(meant), shape: [number, departments]}};
    const first = Math.min(goLive, ...phaseMonths);
    const terms = {...plan.request.terms, go_live: first,
      access: accessOf(access, phaseMonths, shares, meant, goLive)};
    return {
      draw: {...plan.draw, shapes: others},
      run: {...plan.run, setting: {...plan.run.setting, go_live: first, shapes: others}},
      request: {...plan.request, terms},
    };
  }

  /* How many have access by month, as expected and at the upper end: sim.programme.ledger.with_access. */
  function accessOf({users, members, stay}, phaseMonths, shares, meant, goLive) {
    const names = members.length, before = users.some((people) => people > 0);
    const width = before ? 2 * names : names, chance = new Float64Array(months * width);
    for (let month = 1; month <= months; month++) {
      const at = (month - 1) * width;
      for (let d = 0; d < names; d++) {
        let left = 1, sum = 0;
        phaseMonths.forEach((from, k) => {
          const share = left * meant[k * names + d] * shares[k];
          sum += (month >= from ? 1 : 0) * share;
          left -= share;
        });
        sum = Math.min(1, sum + (month >= goLive ? 1 : 0) * left);
        chance[at + d] = sum;
        if (before) chance[at + names + d] = sum + (1 - sum) * stay[month - 1];
      }
    }
    const people = before ? [...members.map((all, d) => all - users[d]), ...users] : members;
    const most = before ? people.map((all) => Math.ceil(all - 1e-9)) : people;
    const upper = engine.call('budget_upper_end', {chance: {data: chance, shape: [months, width]},
      people: {data: Float64Array.from(most), shape: [width]}});
    const expected = range(months).map((row) => total(people.map((all, d) => all * chance[row * width + d])));
    return {data: Float64Array.from([...expected, ...upper.data]), shape: [2, months]};
  }

  /* --- Beginning --- */

  /* A value whose arrays are numbers of a list, as the engine takes it. */
  function unpooled(value) {
    if (value === null || typeof value !== 'object') return value;
    if (value.array !== undefined) {
      return AdoptionEngine.unpack({base64: held.arrays[value.array], shape: value.shape});
    }
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, unpooled(part)]));
  }

  async function begin(data) {
    held = data;
    size = data.people;
    months = data.months;
    engine = await AdoptionEngine.load(AdoptionEngine.unpack(data.engine).data);
    const draws = new Map(); // strategies that draw the same share it, so that it is drawn once
    for (const plan of data.plans ?? []) {
      const key = JSON.stringify(plan.draw);
      if (!draws.has(key)) draws.set(key, unpooled(plan.draw));
      Object.assign(plan, {draw: draws.get(key), run: unpooled(plan.run), request: unpooled(plan.request)});
    }
    return engine;
  }

  return {begin, unpooled, drawWorlds, simulate, pause, compile, study, planned, moved, withGoLive, firstAccess, amount, ratio, mean, total, quantile, range};
};

PlayOn.model = PlayOn.modelOf();
