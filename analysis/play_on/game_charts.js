/* Pictures of the game: the log, the survey, money, what is in force when, bets, and what moves were worth. */
'use strict';

PlayOn.gameCharts = (() => {
  const INK = '#1f1f1f', QUIET = '#595959', FAINT = '#e3e3e3', EDGE = '#8a8a8a', BLUE = '#00558a', PALE = '#b9d2e3';
  const COLOURS = {skill: '#00558a', luck: '#767676', mistake: '#b3261e'};
  const {element} = PlayOn.charts;
  const word = (text, x, y, attributes = {}) => element('text', {x, y, fill: QUIET, ...attributes}, text);
  const line = (x1, y1, x2, y2, stroke, attributes = {}) => element('line', {x1, y1, x2, y2, stroke, ...attributes});

  function drawing(width, height, label) {
    const svg = element('svg', {viewBox: `0 0 ${width} ${height}`, height, role: 'img', 'aria-label': label});
    svg.style.maxWidth = `${width}px`;
    return svg;
  }

  /* A whole number from which on an axis has three to five steps. */
  function stepOf(most) {
    const unit = 10 ** Math.floor(Math.log10(Math.max(1, most)));
    return Math.max(1, [0.2, 0.5, 1, 2].map((part) => part * unit).find((step) => most / step <= 5) ?? unit);
  }

  /* Licences and how many are used, by month; what lies ahead is empty. */
  function log(width, {licences, used}, {last, most, t, number, label}) {
    const height = 210, left = 40, right = 14, top = 22, bottom = 40, step = stepOf(most);
    const x = (month) => left + (width - left - right) * month / last;
    const y = (people) => height - bottom - (height - top - bottom) * people / most;
    const svg = drawing(width, height, label);
    svg.append(word(t('people_axis'), 0, 10));
    for (let people = 0; people <= most; people += step) {
      svg.append(line(left, y(people), width - right, y(people), people > 0 ? FAINT : EDGE),
        word(number(people), left - 7, y(people) + 4, {'text-anchor': 'end'}));
    }
    for (let month = 0; month <= last; month += last > 12 ? 6 : 3) {
      svg.append(word(String(month), x(month), height - bottom + 17, {'text-anchor': 'middle'}));
    }
    svg.append(word(t('month_axis'), x(last / 2), height - 4, {'text-anchor': 'middle'}));
    for (const [values, colour, name] of [[licences, EDGE, 'licences_line'], [used, BLUE, 'used_line']]) {
      const points = values.map((value, month) => `${x(month).toFixed(1)} ${y(value).toFixed(1)}`);
      svg.append(element('path', {d: `M${points.join('L')}`, fill: 'none', stroke: colour, 'stroke-width': 3,
        'stroke-linejoin': 'round'}), ...values.map((value, month) => (
        element('circle', {cx: x(month), cy: y(value), r: 3, fill: colour}))));
      const at = values[values.length - 1], late = values.length - 1 > last / 2;
      const above = name === 'used_line' && Math.abs(y(at) - y(licences[licences.length - 1])) < 20 ? 18 : -9;
      svg.append(word(`${number(at)} ${t(name)}`, x(values.length - 1) + (late ? 4 : 0), y(at) + above,
        {'text-anchor': late ? 'end' : 'start', fill: colour === EDGE ? QUIET : colour, 'font-weight': 600, stroke: '#fff',
          'stroke-width': 4, 'paint-order': 'stroke'}));
    }
    return svg;
  }

  /* Shares that were answered, each with one standard error to either side. */
  function survey(width, rows, {percent, label}) {
    const row = 46, left = 2, right = 52, svg = drawing(width, row * rows.length + 4, label);
    const x = (share) => left + (width - left - right) * Math.min(1, Math.max(0, share));
    rows.forEach(({name, share, error}, k) => {
      const top = row * k, at = top + 30;
      svg.append(word(name, left, top + 14, {fill: INK}),
        element('rect', {x: left, y: at - 8, width: x(1) - left, height: 16, rx: 3, fill: FAINT}),
        element('rect', {x: left, y: at - 8, width: Math.max(1, x(share) - left), height: 16, rx: 3, fill: PALE}),
        line(x(share - error), at, x(share + error), at, INK, {'stroke-width': 2}),
        line(x(share - error), at - 5, x(share - error), at + 5, INK, {'stroke-width': 2}),
        line(x(share + error), at - 5, x(share + error), at + 5, INK, {'stroke-width': 2}),
        element('circle', {cx: x(share), cy: at, r: 4, fill: INK}),
        word(percent(share), width, at + 5, {'text-anchor': 'end', fill: INK, 'font-weight': 600}));
    });
    return svg;
  }

  /* What is in force when, up to now and, as it stands, beyond. */
  function plan(width, rows, {last, month, label}) {
    const row = 38, svg = drawing(width, row * rows.length + 22, label);
    const x = (at) => 2 + (width - 4) * at / last, foot = row * rows.length;
    svg.append(line(x(month), 17, x(month), foot, INK, {'stroke-dasharray': '3 3'}));
    rows.forEach(({name, note, from, to}, k) => {
      const top = row * k, end = Math.min(to, last), brief = (name.length + note.length) * 6.9 > width;
      svg.append(element('text', {x: 2, y: top + 13, fill: INK, stroke: '#fff', 'stroke-width': 5, 'paint-order': 'stroke'}, name, element('tspan', {fill: QUIET, dx: 6}, brief ? `${from}–${end}` : note)),
        element('rect', {x: x(0), y: top + 19, width: x(last) - x(0), height: 9, rx: 3, fill: FAINT}),
        element('rect', {x: x(from - 1), y: top + 19, width: Math.max(3, x(end) - x(from - 1)), height: 9, rx: 3, fill: PALE}));
      if (month >= from) {
        svg.append(element('rect', {x: x(from - 1), y: top + 19, width: Math.max(3, x(Math.min(end, month)) - x(from - 1)),
          height: 9, rx: 3, fill: BLUE}));
      }
    });
    for (const at of [0, month, last]) {
      if (at === month || Math.abs(at - month) > last / 10) {
        svg.append(word(String(at), x(at), foot + 14,
          {'text-anchor': at === 0 ? 'start' : at === last ? 'end' : 'middle', ...(at === month ? {fill: INK, 'font-weight': 600} : {})}));
      }
    }
    return svg;
  }

  /* Where between 0 and 100 % a bet lies. */
  function bet(width, low, high) {
    const svg = drawing(width, 26, ''), x = (share) => 2 + (width - 4) * share / 100;
    svg.removeAttribute('role');
    svg.removeAttribute('aria-label');
    svg.setAttribute('aria-hidden', 'true');
    svg.append(element('rect', {x: x(0), y: 2, width: x(100) - x(0), height: 8, rx: 3, fill: FAINT}),
      element('rect', {x: x(low), y: 2, width: Math.max(2, x(high) - x(low)), height: 8, rx: 3, fill: BLUE}));
    for (const share of [0, 25, 50, 75, 100]) {
      svg.append(word(String(share), x(share), 24, {'text-anchor': share === 0 ? 'start' : share === 100 ? 'end' : 'middle'}));
    }
    return svg;
  }

  /* What was bet turn by turn, and what came. */
  function bets(width, made, {length, t, label}) {
    const height = 240, left = 40, right = 8, top = 14, bottom = 44, room = (width - left - right) / made.length;
    const y = (share) => height - bottom - (height - top - bottom) * share / 100;
    const svg = drawing(width, height, label), wide = Math.min(34, room * 0.56);
    for (const share of [0, 25, 50, 75, 100]) {
      svg.append(line(left, y(share), width - right, y(share), share > 0 ? FAINT : EDGE),
        word(`${share}%`, left - 6, y(share) + 4, {'text-anchor': 'end'}));
    }
    made.forEach(({low, high, came}, k) => {
      const x = left + room * (k + 0.5), held = low <= came && came <= high;
      svg.append(element('rect', {x: x - wide / 2, y: y(high), width: wide, height: Math.max(2, y(low) - y(high)), rx: 3,
        fill: held ? PALE : '#efd0cd'}),
      element('circle', {cx: x, cy: y(came), r: 5.5, fill: held ? BLUE : '#fff', stroke: held ? BLUE : COLOURS.mistake,
        'stroke-width': 2.5}),
      word(String((k + 1) * length), x, height - bottom + 16, {'text-anchor': 'middle'}),
      word(t(held ? 'held' : 'missed'), x, height - 12, {'text-anchor': 'middle', 'font-size': room < 42 ? 10.5 : 12,
        fill: held ? BLUE : COLOURS.mistake}));
    });
    return svg;
  }

  /* What each move was worth: a bar here, a dot with its interval in the others. */
  function worths(width, rows, {t, points, label}) {
    const brief = rows.some(({name, verdict}) => (name.length + t(verdict).length + 2) * 7.6 > width);
    const first = brief ? 17 : 0, row = 58 + first, left = 2, right = 2, foot = 26, svg = drawing(width, row * rows.length + foot, label);
    const ends = rows.flatMap(({here, low, high}) => [here, low, high]);
    const low = Math.min(0, ...ends), high = Math.max(1, ...ends), pad = 34;
    const x = (value) => left + pad + (width - left - right - 2 * pad) * (value - low) / (high - low);
    svg.append(line(x(0), 20 + first, x(0), row * rows.length, INK));
    rows.forEach(({name, here, others, low: from, high: to, verdict}, k) => {
      const top = row * k, at = top + 36 + first, colour = COLOURS[verdict], after = here >= 0;
      const said = brief ? {x: left, dy: 17} : {dx: 8};
      svg.append(element('text', {x: left, y: top + 15, fill: INK, stroke: '#fff', 'stroke-width': 4, 'paint-order': 'stroke'},
        element('tspan', {'font-weight': 600}, name), element('tspan', {...said, fill: colour, 'font-weight': 600}, t(verdict))),
      element('rect', {x: Math.min(x(0), x(here)), y: at - 9, width: Math.max(2, Math.abs(x(here) - x(0))), height: 18, rx: 2,
        fill: colour, 'fill-opacity': 0.3}),
      word(points(here), after ? x(Math.max(here, to)) + 9 : x(Math.min(here, from)) - 9, at + 5,
        {'text-anchor': after ? 'start' : 'end', fill: INK}),
      line(x(from), at, x(to), at, INK, {'stroke-width': 2}),
      element('circle', {cx: x(others), cy: at, r: 4.5, fill: INK}));
    });
    svg.append(word('0', x(0), row * rows.length + 16, {'text-anchor': 'middle'}));
    return svg;
  }

  return {log, survey, plan, bet, bets, worths};
})();
