/* Draws organisations, runs plans in them slice by slice, and shows what comes out. */
'use strict';

const told = JSON.parse(document.getElementById('data').textContent);
const {organisations, departments} = told, plans = [...told.plans];
const draw = AdoptionEngine.unpack(told.draw), run = AdoptionEngine.unpack(told.run);
const requests = plans.map((plan) => AdoptionEngine.unpack(plan.request));
const programmes = []; // what each plan comes to
const OWN = {name: 'own', title: 'Your plan', colour: '#1f1f1f'};
const size = draw.plan.role.shape[0], months = run.months, last = months;

const allMonths = Array.from({length: months + 1}, (_, month) => month);

const SLICE = 5; // organisations simulated before the page may do something else
const FAVOUR = 0, MOST_CONNECTED = 2, EMPLOYEE = 0; // of selection.py and state.py
const STOP = 2; // of kernel.py

const $ = (id) => document.getElementById(id);
const pause = () => new Promise((go) => setTimeout(go));

let engine, latest = 0, shown = null;

/* --- Simulating: what draw_worlds, champions_of and simulate do in Python --- */

function drawWorlds(seed, first, count) {
  const {columns, size: width} = engine.types.People;
  const people = new DataView(new ArrayBuffer(count * size * width));
  const [, , key] = columns.find(([name]) => name === 'key');
  for (let i = 0; i < count * size; i++) people.setUint32(i * width + key, i % size, true);
  const numbers = new BigInt64Array(count);
  const worlds = {
    people: {data: new Uint8Array(people.buffer), shape: [count, size]},
    start: {data: new BigInt64Array(count * (size + 1)), shape: [count, size + 1]},
    streams: {data: numbers.map((_, k) => BigInt(first + k)), shape: [count]},
  };
  worlds.other = engine.call('world_draw', {...draw, seed, ...worlds});
  return worlds;
}

/* The first, second and so on of the organisations in a slice alone. */
function oneOf(worlds, k) {
  const width = size * engine.types.People.size, at = k * (size + 1);
  return {
    people: {data: worlds.people.data.subarray(k * width, (k + 1) * width), shape: [size]},
    start: Array.from(worlds.start.data.subarray(at, at + size + 1), Number),
    stream: worlds.streams.data[k],
  };
}

function championsOf(worlds, programme, seed) {
  const [count] = worlds.streams.shape;
  const chosen = {data: new Uint8Array(count * size), shape: [count, size]};
  const office = (name) => Number(engine.column('Offices', programme.offices.data, name)[0]);
  const wanted = office('champions');
  if (wanted === 0) return chosen;
  if (office('selection') !== MOST_CONNECTED) throw new Error('only the best connected are chosen');
  const able = {data: new Uint8Array(count * size), shape: [count, size]};
  const {people: all, streams} = worlds;
  engine.call('kernel_eligible', {people: all, plan: programme, seed, streams, able});
  for (let k = 0; k < count; k++) {
    const {people, start, stream} = oneOf(worlds, k);
    const column = (name) => engine.column('People', people.data, name);
    const role = column('role'), keys = {data: column('key'), shape: [size]};
    const luck = engine.call('selection_lots', {keys, index: FAVOUR, seed, stream});
    const score = Array.from(luck.data, (favour, i) => start[i + 1] - start[i] + favour);
    const line = score.map((_, i) => i).filter((i) => role[i] === EMPLOYEE && able.data[k * size + i]);
    line.sort((i, j) => score[j] - score[i]);
    for (const i of line.slice(0, wanted)) chosen.data[k * size + i] = 1;
  }
  return chosen;
}

function simulate(worlds, programme, seed, log) {
  const [count] = worlds.streams.shape;
  const reals = (...shape) => ({data: new Float64Array(shape.reduce((a, b) => a * b)), shape});
  const chosen = championsOf(worlds, programme, seed), rules = programme.reactions.shape[0];
  const rows = reals(count, months + 1, told.measured);
  const events = engine.call('kernel_simulate_runs', {
    ...run, people_of: worlds.people, chosen, start_of: worlds.start, other: worlds.other,
    weight: {data: new Float32Array(0), shape: [0]}, complete: false, streams: worlds.streams,
    luck_streams: worlds.streams, plan: programme, seed, rows,
    final: {data: new Uint8Array(0), shape: [0, size]},
    places: {data: new BigInt64Array(told.groups).fill(-1n), shape: [told.groups]},
    grouped: reals(0, months + 1, 0, told.personal), heads: reals(0, months + 1, 0),
    started: {data: new BigInt64Array(count * rules), shape: [count, rules]}, log,
  });
  const at = (r, month, name) => {
    const row = (r * (months + 1) + month) * told.measured;
    return rows.data[row + told.columns[name]];
  };
  return {chosen, events, at};
}

/* What a plan asks for comes to: what it does, and what it costs with the technology. */
function compile(request) {
  const done = engine.call('compiling_planned', request);
  const all = [...done.costs.data, ...done.technology.data];
  return {...done.programme, cost: all.reduce((sum, one) => sum + one, 0)};
}

/* Some plans in all organisations; nothing if another run began meanwhile. */
async function study(seed, which, progress) {
  const mine = ++latest, found = which.map(() => []), stories = [];
  let first = null, processor = 0;
  for (let from = 0; from < organisations; from += SLICE) {
    const count = Math.min(SLICE, organisations - from);
    let began = performance.now();
    const worlds = drawWorlds(seed, from, count);
    processor += performance.now() - began;
    first = first || worlds;
    for (let p = 0; p < which.length; p++) {
      await pause();
      if (mine !== latest) return null;
      began = performance.now();
      const done = simulate(worlds, programmes[which[p]], seed, from === 0);
      processor += performance.now() - began;
      for (let r = 0; r < count; r++) {
        found[p].push(allMonths.map((month) => done.at(r, month, 'adoption')));
      }
      if (from === 0) stories.push(storyOf(worlds, done));
      progress(from + count * (p + 1) / which.length);
    }
  }
  return {seed, first: oneOf(first, 0), other: first.other.data, stories, processor,
    curves: found.map(curvesOf), adoption: found};
}

/* Who uses AI in the first organisation, month by month, and who is champion there. */
function storyOf(worlds, {chosen, events, at}) {
  const {people} = oneOf(worlds, 0), [count, width] = events.shape;
  const now = engine.column('People', people.data, 'uses').slice(), users = [];
  for (let month = 0, e = 0; month <= months; month++) {
    for (; e < count; e++) {
      const [inRun, when, , person, kind] = events.data.subarray(e * width, (e + 1) * width);
      if (inRun > 0 || when > month) break;
      now[person] = kind === STOP ? 0 : 1;
    }
    users.push(now.slice());
  }
  const using = allMonths.map((month) => at(0, month, 'using'));
  return {users, using, champions: chosen.data.slice(0, size)};
}

/* --- Figures --- */

/* The sum of numbers, rounded once: math.fsum. */
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

function curvesOf(runs) {
  const found = {mean: [], low: [], high: []};
  for (const month of allMonths) {
    const values = runs.map((one) => one[month]).sort((a, b) => a - b);
    found.mean.push(mean(values));
    found.low.push(quantile(values, 0.1));
    found.high.push(quantile(values, 0.9));
  }
  return found;
}

/* Mean difference from the first plan in the last month, and half its 95 % interval. */
function differenceOf(adoption, p, other = 0) {
  const differences = adoption[p].map((one, r) => one[last] - adoption[other][r][last]);
  const middle = mean(differences), squares = differences.map((one) => (one - middle) ** 2);
  const error = Math.sqrt(total(squares) / (differences.length - 1) / differences.length);
  return {middle, half: told.t * error};
}

/* --- Showing --- */

function element(name, attributes = {}, ...children) {
  const svg = ['svg', 'g', 'path', 'line', 'circle', 'text', 'title'].includes(name);
  const made = svg ? document.createElementNS('http://www.w3.org/2000/svg', name)
    : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const percent = (share) => `${(100 * share).toFixed(0)} %`;
const points = (share) => (100 * share).toFixed(1).replace(/^-0.0$/, '0.0').replace('-', '−');
const swatch = (plan) => {
  const made = element('span', {class: 'swatch'});
  made.style.background = plan.colour;
  return made;
};

function showCurves() {
  const width = Math.max(280, $('curves').clientWidth);
  const height = Math.min(440, Math.max(280, width * 0.5));
  const named = width > 720; // room for names at the ends of lines
  const left = 56, right = named ? 170 : 14, top = 12, bottom = 48, quiet = '#5c5c5c';
  const most = shown ? Math.max(0.2, ...shown.curves.flatMap((one) => one.high)) : 1;
  const highest = Math.min(1, Math.ceil(most * 5 - 1e-9) / 5);
  const x = (month) => left + (width - left - right) * month / months;
  const y = (share) => height - bottom - (height - top - bottom) * share / highest;
  const svg = element('svg', {viewBox: `0 0 ${width} ${height}`, height, role: 'img'});
  for (let share = 0; share <= highest + 1e-9; share += 0.2) {
    svg.append(
      element('line', {x1: left, x2: width - right, y1: y(share), y2: y(share),
        stroke: share > 0 ? '#e3e3e3' : '#8a8a8a'}),
      element('text', {x: left - 8, y: y(share) + 5, 'text-anchor': 'end', fill: quiet},
        percent(share)),
    );
  }
  for (let month = 0; month <= months; month += width > 520 ? 3 : 6) {
    svg.append(
      element('line', {x1: x(month), x2: x(month), y1: y(0), y2: y(0) + 5, stroke: '#8a8a8a'}),
      element('text', {x: x(month), y: y(0) + 21, 'text-anchor': 'middle', fill: quiet}, month),
    );
  }
  svg.append(element('text', {x: x(months / 2), y: height - 6, 'text-anchor': 'middle',
    fill: quiet}, 'Month'));
  if (shown) {
    const places = (values) => values.map((one, k) => `${x(k).toFixed(1)} ${y(one).toFixed(1)}`);
    const line = (values, attributes) => element('path', {d: `M${places(values).join('L')}`,
      fill: 'none', 'stroke-linejoin': 'round', 'stroke-linecap': 'round', ...attributes});
    shown.curves.forEach(({low, high}, p) => {
      const around = [...places(high), ...places(low).reverse()].join('L'), {colour} = plans[p];
      const edge = {stroke: colour, 'stroke-opacity': 0.45, 'stroke-width': 1};
      svg.append(element('path', {d: `M${around}Z`, fill: colour, 'fill-opacity': 0.09}),
        line(low, edge), line(high, edge));
    });
    shown.curves.forEach((one, p) => {
      svg.append(line(one.mean, {stroke: plans[p].colour, 'stroke-width': 3}));
    });
    if (named) nameEnds(svg, x(months) + 10, y);
    svg.setAttribute('aria-label', 'Weekly users in month 24: '
      + plans.map((plan, p) => `${plan.title} ${percent(shown.curves[p].mean[last])}`).join(', '));
  }
  $('curves').replaceChildren(svg);
}

/* Names at the ends of lines, moved apart where they would touch. */
function nameEnds(svg, x, y) {
  const ends = plans.map((plan, p) => ({plan, y: y(shown.curves[p].mean[last])}));
  ends.sort((one, other) => one.y - other.y);
  for (let k = 1; k < ends.length; k++) ends[k].y = Math.max(ends[k].y, ends[k - 1].y + 20);
  const beyond = Math.max(0, ends[ends.length - 1].y - y(0));
  for (const {plan, y: at} of ends) {
    svg.append(element('text', {x, y: at - beyond + 5, fill: plan.colour, 'font-weight': 600},
      plan.title));
  }
}

function showNumbers() {
  $('legend').replaceChildren(...plans.map((plan, p) => element('li', {}, swatch(plan),
    plan.title, shown ? element('b', {}, percent(shown.curves[p].mean[last])) : '')));
  if (!shown) return;
  showOwn();
  $('differences').replaceChildren(...told.plans.slice(1).map((plan, k) => {
    const {middle, half} = differenceOf(shown.adoption, k + 1), clear = Math.abs(middle) > half;
    const [from, to] = [middle - half, middle + half].map(points);
    const text = clear ? `${points(Math.abs(middle))} points ${middle > 0 ? 'more' : 'fewer'}`
      : 'No clear difference';
    const made = element('li', {}, element('b', {}, plan.title),
      element('span', {class: 'large'}, text), ` ${clear ? 'than with' : 'from'} licences only: `
      + `${percent(shown.curves[k + 1].mean[last])} use AI every week (95 % interval of the `
      + `difference: ${from} to ${to} points). It costs ${moreThan(k + 1, 0)} licences only.`);
    made.style.borderColor = plan.colour;
    return made;
  }));
  const picked = [0, 6, 12, 18, 24].filter((month) => month <= months);
  const heads = picked.map((month) => element('th', {scope: 'col'}, `Month ${month}`));
  const cell = ({mean: middle, low, high}, month) => element('td', {},
    `${percent(middle[month])} (${percent(low[month])} to ${percent(high[month])})`);
  $('table').replaceChildren(
    element('thead', {}, element('tr', {}, element('th', {scope: 'col'}, 'Plan'), ...heads)),
    element('tbody', {}, ...plans.map((plan, p) => element('tr', {},
      element('th', {scope: 'row'}, plan.title),
      ...picked.map((month) => cell(shown.curves[p], month))))),
  );
}

/* Where people stand: departments as discs around the first, leaders in the middle of each. */
function placesOf(first) {
  const column = (name) => engine.column('People', first.people.data, name);
  const role = column('role'), department = column('department'), team = column('team');
  const groups = departments.map((name, d) => {
    const rows = Array.from({length: size}, (_, i) => i).filter((i) => department[i] === d);
    rows.sort((i, j) => role[j] - role[i] || team[i] - team[j]);
    return {name, rows, radius: Math.sqrt(rows.length) + 1.4};
  }).filter((one) => one.rows.length > 0);
  const [middle, ...around] = groups;
  const angles = (r) => around.map((one) => 2 * Math.asin(Math.min(1, one.radius / r)));
  let ring = middle.radius + Math.max(...around.map((one) => one.radius)) + 0.5;
  while (total(angles(ring)) > 2 * Math.PI - 0.3) ring += 0.1;
  const widths = angles(ring), spare = (2 * Math.PI - total(widths)) / around.length;
  let turned = -Math.PI / 2 - widths[0] / 2;
  Object.assign(middle, {x: 0, y: 0});
  around.forEach((one, k) => {
    const angle = turned + widths[k] / 2;
    Object.assign(one, {x: ring * Math.cos(angle), y: ring * Math.sin(angle)});
    turned += widths[k] + spare;
  });
  const at = new Array(size);
  for (const {rows, x, y} of groups) {
    rows.forEach((i, k) => {
      const away = 0.97 * Math.sqrt(k + (rows.length > 1 ? 0.4 : 0));
      const angle = k * Math.PI * (3 - Math.sqrt(5)), leads = role[i] !== EMPLOYEE;
      at[i] = {x: x + away * Math.cos(angle), y: y + away * Math.sin(angle), leads};
    });
  }
  return {groups, at};
}

const dot = (x, y, radius, uses, colour) => element('circle', {cx: x, cy: y, r: radius,
  fill: uses ? colour : '#fff', stroke: uses ? colour : '#8a8a8a', 'stroke-width': 1.25});
const ring = (x, y, radius) => element('circle', {cx: x, cy: y, r: radius + 3, fill: 'none',
  stroke: '#1f1f1f', 'stroke-width': 1.5});

function showPicture() {
  if (!shown) return;
  const p = Number(document.querySelector('input[name=plan]:checked').value);
  const month = Number($('month').value), {users, using, champions} = shown.stories[p];
  const {groups, at} = shown.places, colour = plans[p].colour;
  const low = (axis) => Math.min(...groups.map((one) => one[axis] - one.radius));
  const high = (axis) => Math.max(...groups.map((one) => one[axis] + one.radius));
  const width = Math.max(280, Math.min(720, $('picture').clientWidth));
  const unit = width / (high('x') - low('x')), label = 24;
  const height = unit * (high('y') - low('y')) + label;
  const x = (one) => unit * (one.x - low('x')), y = (one) => unit * (one.y - low('y')) + label;
  const svg = element('svg', {viewBox: `0 0 ${width} ${height}`, role: 'img'});
  svg.style.maxWidth = `${width}px`;
  for (const one of groups) {
    svg.append(element('circle', {cx: x(one), cy: y(one), r: unit * (one.radius - 0.2),
      fill: '#f3f3f0'}));
  }
  const place = (i) => `${x(at[i]).toFixed(1)} ${y(at[i]).toFixed(1)}`;
  svg.append(element('path', {d: shown.ties.map(([i, j]) => `M${place(i)}L${place(j)}`).join(''),
    fill: 'none', stroke: '#1f1f1f', 'stroke-opacity': 0.14}));
  at.forEach((one, i) => {
    const radius = unit * (one.leads ? 0.56 : 0.4);
    svg.append(dot(x(one), y(one), radius, users[month][i], colour));
    if (champions[i]) svg.append(ring(x(one), y(one), radius));
  });
  for (const one of groups) {
    svg.append(element('text', {x: x(one), y: y(one) - unit * one.radius - 2,
      'text-anchor': 'middle', 'font-weight': 600, fill: '#1f1f1f', stroke: '#fff',
      'stroke-width': 4, 'paint-order': 'stroke'},
    one.name[0].toUpperCase() + one.name.slice(1)));
  }
  const count = users[month].reduce((sum, one) => sum + one, 0);
  const text = `${count} of ${size} people use AI (${percent(using[month])}).`;
  svg.setAttribute('aria-label', `${plans[p].title}, month ${month}: ${text}`);
  $('picture').replaceChildren(svg);
  $('month-shown').value = month;
  $('count').textContent = text;
  const sample = (...marks) => element('svg', {viewBox: '0 0 24 24', 'aria-hidden': 'true'},
    ...marks);
  $('key').replaceChildren(
    element('li', {}, sample(dot(12, 12, 6, true, colour)), 'uses AI, if only now and then'),
    element('li', {}, sample(dot(12, 12, 6, false)), 'does not'),
    element('li', {}, sample(dot(12, 12, 8.5, false)), 'leads others'),
    element('li', {}, sample(dot(12, 12, 6, false), ring(12, 12, 6)), 'champion'),
  );
}

function show() {
  showCurves();
  showNumbers();
  showPicture();
}

/* Simulate what is not known of this seed: all plans, or the visitor's own alone. */
async function simulateAll() {
  const seed = Number($('seed').value), every = programmes.map((_, p) => p);
  const known = shown !== null && shown.seed === seed, which = known ? every.slice(told.plans.length) : every;
  document.body.dataset.state = 'running';
  const done = await study(seed, which, (finished) => {
    $('progress').value = finished / organisations;
    $('status').textContent = `${Math.floor(finished)} of ${organisations} companies`;
  });
  if (done === null) return;
  const ties = [], {start} = done.first;
  for (let i = 0; i < size; i++) {
    for (const j of done.other.subarray(start[i], start[i + 1])) if (j > i) ties.push([i, j]);
  }
  if (known) {
    for (const key of ['curves', 'adoption', 'stories']) {
      done[key] = every.map((p) => (which.includes(p) ? done[key][which.indexOf(p)] : shown[key][p]));
    }
  }
  if (every.length > plans.length) plans.push(OWN);
  shown = {...done, ties, places: placesOf(done.first)};
  showPlans();
  show();
  window.results = {
    seed, organisations, code: engine.code, milliseconds: done.processor,
    plans: Object.fromEntries(plans.map((plan, p) => [plan.name, {
      ...done.curves[p], difference: differenceOf(done.adoption, p),
      using: done.stories[p].using.map((share) => Math.round(size * share)),
      users: done.stories[p].users.map((one) => one.reduce((sum, uses) => sum + uses, 0)),
    }])),
  };
  const personMonths = which.length * organisations * size * months;
  $('status').textContent = `${(personMonths / 1e6).toFixed(2)} million person-months in `
    + `${(done.processor / 1000).toFixed(1)} seconds`;
  document.body.dataset.state = 'done';
}

/* The plans one of which is pictured. */
function showPlans() {
  const picked = document.querySelector('input[name=plan]:checked');
  plans.slice($('plans').querySelectorAll('input').length).forEach((plan) => {
    const input = element('input', {type: 'radio', name: 'plan', value: plans.indexOf(plan)});
    input.checked = picked === null && plan.name === told.pictured;
    $('plans').append(element('label', {}, input, swatch(plan), plan.title));
  });
}

/* --- A plan of the visitor's own: the full programme with its levers moved --- */

const MOVED = plans.findIndex(({name}) => name === told.moved);

const euros = (amount) => `${Math.round(amount / 1000).toLocaleString('en')},000 euro`;

/* What one plan costs beside another. */
function moreThan(p, other) {
  const more = programmes[p].cost - programmes[other].cost;
  return Math.abs(more) < 500 ? 'as much as'
    : `${euros(Math.abs(more))} ${more > 0 ? 'more' : 'less'} than`;
}

/* What the visitor's own plan brings and costs, beside its levers. */
function showOwn() {
  const p = told.plans.length;
  if (plans.length === p) return;
  const {middle, half} = differenceOf(shown.adoption, p, MOVED), clear = Math.abs(middle) > half;
  const beside = clear ? `${points(Math.abs(middle))} points ${middle > 0 ? 'more' : 'fewer'} than`
    : 'not clearly other than';
  $('own').replaceChildren(element('b', {}, `${percent(shown.curves[p].mean[last])} use AI every week`),
    ` in month ${last} with your plan, ${beside} with the full programme (95 % interval of the `
    + `difference: ${points(middle - half)} to ${points(middle + half)} points). It costs `
    + `${euros(programmes[p].cost)} over ${months} months, licences and working time included: `
    + `${moreThan(p, MOVED)} the full programme.`);
}

function showLevers() {
  const {rounds} = requests[MOVED].asked, starts = engine.column('Request', rounds.data, 'start');
  $('levers').replaceChildren(...told.levers.flatMap(({title, place}) => {
    const much = element('input', {type: 'range', min: 0, max: 150, step: 10, value: 100,
      'aria-label': `${title}, how much of what is planned`});
    const start = element('input', {type: 'number', min: 1, max: months, step: 1,
      value: Number(starts[place]) + 1, required: '', 'aria-label': `${title}, first month`});
    const beside = element('output', {}, '100 %');
    much.addEventListener('input', () => { beside.textContent = `${much.value} %`; });
    for (const one of [much, start]) one.addEventListener('change', move);
    return [element('b', {}, title), much, beside, element('label', {}, 'from month', start)];
  }));
}

/* Ask for what the levers say, and simulate it beside the others. */
async function move() {
  const request = requests[MOVED], {rounds} = request.asked, data = rounds.data.slice();
  const much = document.querySelectorAll('#levers input[type=range]');
  const starts = document.querySelectorAll('#levers input[type=number]');
  if (![...starts].every((start) => start.reportValidity())) return;
  told.levers.forEach(({place, column}, k) => {
    const usual = engine.column('Request', rounds.data, column)[place] * much[k].value / 100;
    engine.put('Request', data, place, column, column === 'dose' ? usual : Math.min(1, usual));
    if (much[k].value === '0') engine.put('Request', data, place, 'dose', 0);
    engine.put('Request', data, place, 'start', Number(starts[k].value) - 1);
  });
  programmes[told.plans.length] = compile({...request, asked: {...request.asked, rounds: {data, shape: rounds.shape}}});
  await simulateAll();
}

async function main() {
  $('organisation').textContent = told.organisation.toLowerCase().replace(',', ' with');
  $('organisations').textContent = organisations;
  $('seed').value = told.seed;
  $('month').max = months;
  $('month').value = months / 2;
  showPlans();
  show();
  engine = await AdoptionEngine.load(AdoptionEngine.unpack(told.engine).data);
  requests.forEach((request) => programmes.push(compile(request)));
  showLevers();
  $('form').addEventListener('submit', (event) => {
    event.preventDefault();
    simulateAll();
  });
  $('plans').addEventListener('change', showPicture);
  $('month').addEventListener('input', showPicture);
  new ResizeObserver(() => { showCurves(); showPicture(); }).observe($('curves'));
  await simulateAll();
}

main().catch((error) => {
  $('status').textContent = `This browser cannot run the engine: ${error.message}`;
  throw error;
});
