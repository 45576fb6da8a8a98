/* Pictures of numbers that are given: curves, a funnel, money, the people of one organisation. */
'use strict';

PlayOn.charts = (() => {
  const INK = '#1f1f1f', QUIET = '#595959', FAINT = '#e3e3e3', EDGE = '#8a8a8a';
  const {total, range} = PlayOn.model;
  const EMPLOYEE = 0; // of sim.state

  function element(name, attributes = {}, ...children) {
    const svg = ['svg', 'g', 'path', 'line', 'circle', 'rect', 'text', 'tspan'].includes(name);
    const made = svg ? document.createElementNS('http://www.w3.org/2000/svg', name)
      : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  const word = (text, x, y, attributes = {}) => element('text', {x, y, fill: QUIET, ...attributes}, text);

  /* Whether there is room for the names of strategies at the ends of their lines. */
  const named = (width) => width > 620;

  /* Curves with their bands; strategies are {title, colour, curve, dashed}. Words at marks that are stacked stand one
     above the other, so that there can be many. */
  function curves(width, plans, {months, marks, percent, t, stacked = false}) {
    const wide = named(width), height = wide ? 360 : stacked ? 270 : 236, names = wide ? 176 : 0, piled = stacked || wide;
    const shown = piled ? marks : marks.slice(0, 1), above = piled ? 15 * (marks.length - 1) : 0;
    const left = 44, right = names + 12, top = 26 + above, bottom = wide ? 44 : 36;
    const most = Math.max(0.2, ...plans.flatMap(({curve}) => curve.high));
    const highest = Math.min(1, Math.ceil(most * 5 - 1e-9) / 5);
    const x = (month) => left + (width - left - right) * month / months;
    const y = (share) => height - bottom - (height - top - bottom) * share / highest;
    const svg = element('svg', {viewBox: `0 0 ${width} ${height}`, height, role: 'img'});
    for (let share = 0; share <= highest + 1e-9; share += 0.2) {
      svg.append(element('line', {x1: left, x2: width - right, y1: y(share), y2: y(share),
        stroke: share > 0 ? FAINT : EDGE}),
      word(percent(share), left - 7, y(share) + 4, {'text-anchor': 'end'}));
    }
    const step = [1, 3, 6, 12, 24, 60, 120].find((every) => months / every <= (wide ? 9 : 5)) || months;
    for (let month = 0; month <= months; month += step) {
      svg.append(element('line', {x1: x(month), x2: x(month), y1: y(0), y2: y(0) + 4, stroke: EDGE}),
        word(String(month), x(month), y(0) + 18, {'text-anchor': 'middle'}));
    }
    if (wide) svg.append(word(t('month_axis'), x(months / 2), height - 6, {'text-anchor': 'middle'}));
    shown.forEach(([month, text], k) => {
      if (month > months) return;
      const at = x(month - 1), lower = piled ? 15 * k : 0; // it begins at the end of the month before
      const late = piled ? at + 7.4 * text.length > width - 12 : month - 1 > months / 2;
      svg.append(element('line', {x1: at, x2: at, y1: top - 6 - above + lower, y2: y(0), stroke: INK, 'stroke-dasharray': '3 4'}),
        word(text, at + (late ? -5 : 5), top - 9 - above + lower, {fill: INK, 'text-anchor': late ? 'end' : 'start'}));
    });
    const places = (values) => values.map((value, k) => `${x(k).toFixed(1)} ${y(value).toFixed(1)}`);
    for (const {curve, colour} of plans) {
      const around = [...places(curve.high), ...places(curve.low).reverse()].join('L');
      svg.append(element('path', {d: `M${around}Z`, fill: colour, 'fill-opacity': 0.13}));
    }
    for (const {curve, colour, dashed} of plans) {
      svg.append(element('path', {d: `M${places(curve.mean).join('L')}`, fill: 'none', stroke: colour,
        'stroke-width': 3, 'stroke-linejoin': 'round', ...(dashed ? {'stroke-dasharray': '9 5'} : {})}));
    }
    if (names > 0) nameEnds(svg, plans, x(months) + 10, y, {names, percent, months});
    return svg;
  }

  /* Names at the ends of lines, moved apart where they would touch. */
  function nameEnds(svg, plans, x, y, {names, percent, months}) {
    const room = Math.floor(names / 7.4);
    const ends = plans.map((plan) => ({...plan, lines: split(plan.title, room),
      y: y(plan.curve.mean[months])}));
    ends.sort((a, b) => a.y - b.y);
    ends.forEach((end, k) => {
      if (k > 0) end.y = Math.max(end.y, ends[k - 1].y + 17 * ends[k - 1].lines.length + 4);
    });
    const last = ends[ends.length - 1];
    const beyond = Math.max(0, last.y + 17 * (last.lines.length - 1) - y(0));
    for (const {lines, colour, y: at, curve} of ends) {
      lines.forEach((line, k) => {
        const text = k === 0 ? `${percent(curve.mean[months])} ${line}` : line;
        svg.append(word(text, x, at - beyond + 5 + 17 * k, {fill: colour, 'font-weight': 600}));
      });
    }
  }

  /* A title in lines of so many letters, three at most. */
  function split(title, room) {
    const lines = [''];
    for (const part of title.split(' ')) {
      const last = lines[lines.length - 1], indent = lines.length === 1 ? 4 : 0;
      if (last !== '' && last.length + part.length + 1 + indent > room) lines.push(part);
      else lines[lines.length - 1] = last === '' ? part : `${last} ${part}`;
    }
    if (lines.length > 3) lines.splice(3, lines.length, '…');
    return lines;
  }

  /* Money left at the end between 0 % and a share of the time gained that becomes money. */
  function money(width, plans, {euro, t}) {
    const pad = 16, room = Math.floor((width - 2 * pad) / 7.6);
    const ranges = plans.map(({nothing, some}) => t('between', {low: euro(nothing, true), high: euro(some, true)}));
    const beside = plans.every(({title}, k) => title.length + ranges[k].length + 2 <= room);
    const row = beside ? 50 : 66, top = 8, bottom = 30, height = top + row * plans.length + bottom;
    const ends = plans.flatMap(({nothing, some}) => [nothing, some]);
    const low = Math.min(0, ...ends), high = Math.max(0, ...ends), span = high - low || 1;
    const x = (value) => pad + (width - 2 * pad) * (value - low) / span;
    const svg = element('svg', {viewBox: `0 0 ${width} ${height}`, height, role: 'img'});
    svg.style.maxWidth = `${width}px`;
    plans.forEach(({title, colour, nothing, some}, k) => {
      const start = top + row * k, at = start + row - 50, [from, to] = [Math.min(nothing, some), Math.max(nothing, some)];
      const name = title.length > room ? `${title.slice(0, room - 1)}…` : title;
      svg.append(element('text', {x: pad, y: start + 14, fill: INK}, element('tspan', {'font-weight': 600}, name),
        element('tspan', beside ? {dx: 10, fill: QUIET} : {x: pad, dy: 17, fill: QUIET}, ranges[k])),
      element('rect', {x: x(from), y: at + 22, width: Math.max(2, x(to) - x(from)), height: 14, rx: 3,
        fill: colour, 'fill-opacity': 0.28}),
      element('circle', {cx: x(nothing), cy: at + 29, r: 5, fill: '#fff', stroke: colour, 'stroke-width': 2.5}),
      element('circle', {cx: x(some), cy: at + 29, r: 6, fill: colour}));
    });
    svg.append(element('line', {x1: x(0), x2: x(0), y1: top + 18, y2: height - bottom + 4, stroke: INK, 'stroke-width': 1.5}),
      word(t('zero'), x(0), height - 8, {'text-anchor': x(0) > width - 60 ? 'end' : x(0) < 60 ? 'start' : 'middle',
        fill: INK}));
    return svg;
  }

  /* Where people stand: departments as discs around the first, leaders in the middle of each. */
  function placesOf({role, department, team}, departments) {
    const size = role.length;
    const groups = departments.map((name, d) => {
      const rows = range(size).filter((i) => department[i] === d);
      rows.sort((i, j) => role[j] - role[i] || team[i] - team[j]);
      return {name, rows, radius: Math.sqrt(rows.length) + 1.4};
    }).filter(({rows}) => rows.length > 0);
    const [middle, ...around] = groups;
    Object.assign(middle, {x: 0, y: 0});
    if (around.length > 0) {
      const angles = (r) => around.map(({radius}) => 2 * Math.asin(Math.min(1, radius / r)));
      let away = middle.radius + Math.max(...around.map(({radius}) => radius)) + 0.5;
      while (total(angles(away)) > 2 * Math.PI - 0.3) away += 0.1;
      const widths = angles(away), spare = (2 * Math.PI - total(widths)) / around.length;
      let turned = -Math.PI / 2 - widths[0] / 2;
      around.forEach((group, k) => {
        const angle = turned + widths[k] / 2;
        Object.assign(group, {x: away * Math.cos(angle), y: away * Math.sin(angle)});
        turned += widths[k] + spare;
      });
    }
    const at = new Array(size);
    for (const {rows, x, y} of groups) {
      rows.forEach((i, k) => {
        const away = 0.97 * Math.sqrt(k + (rows.length > 1 ? 0.4 : 0)), angle = k * Math.PI * (3 - Math.sqrt(5));
        at[i] = {x: x + away * Math.cos(angle), y: y + away * Math.sin(angle), leads: role[i] !== EMPLOYEE};
      });
    }
    return {groups, at};
  }

  const dot = (x, y, radius, uses, colour) => element('circle', {cx: x.toFixed(1), cy: y.toFixed(1),
    r: radius.toFixed(1), fill: uses ? colour : '#fff', stroke: uses ? colour : EDGE, 'stroke-width': 1.25});
  const ring = (x, y, radius) => element('circle', {cx: x, cy: y, r: radius + 3, fill: 'none',
    stroke: INK, 'stroke-width': 1.5});

  /* People as dots, filled where they use AI; ties as lines. */
  function people(width, {groups, at}, {ties, uses, champions, colour}) {
    const low = (axis) => Math.min(...groups.map((group) => group[axis] - group.radius));
    const high = (axis) => Math.max(...groups.map((group) => group[axis] + group.radius));
    const unit = width / (high('x') - low('x')), label = 24, height = unit * (high('y') - low('y')) + label;
    const x = (place) => unit * (place.x - low('x')), y = (place) => unit * (place.y - low('y')) + label;
    const svg = element('svg', {viewBox: `0 0 ${width} ${height}`, role: 'img'});
    svg.style.maxWidth = `${width}px`;
    for (const group of groups) {
      svg.append(element('circle', {cx: x(group), cy: y(group), r: unit * (group.radius - 0.2), fill: '#f3f3f0'}));
    }
    const place = (i) => `${x(at[i]).toFixed(1)} ${y(at[i]).toFixed(1)}`;
    svg.append(element('path', {d: ties.map(([i, j]) => `M${place(i)}L${place(j)}`).join(''),
      fill: 'none', stroke: INK, 'stroke-opacity': 0.13}));
    at.forEach((person, i) => {
      const radius = unit * (person.leads ? 0.56 : 0.4);
      svg.append(dot(x(person), y(person), radius, uses[i], colour));
      if (champions[i]) svg.append(ring(x(person), y(person), radius));
    });
    for (const group of groups) {
      svg.append(word(group.name[0].toUpperCase() + group.name.slice(1), x(group), y(group) - unit * group.radius - 2,
        {'text-anchor': 'middle', 'font-weight': 600, fill: INK, stroke: '#fff', 'stroke-width': 4,
          'paint-order': 'stroke'}));
    }
    return svg;
  }

  const sample = (...marks) => element('svg', {viewBox: '0 0 24 24', 'aria-hidden': 'true'}, ...marks);

  function peopleKey(colour, t) {
    return [[dot(12, 12, 6, true, colour), t('key_uses')], [dot(12, 12, 6, false), t('key_not')],
      [dot(12, 12, 8.5, false), t('key_leads')],
      [element('g', {}, dot(12, 12, 6, false), ring(12, 12, 6)), t('key_champion')],
    ].map(([mark, text]) => element('li', {}, sample(mark), text));
  }

  return {element, named, curves, money, people, placesOf, peopleKey};
})();
