/* The frame of the file: words and numbers in a language, its views, and which of them is shown. */
'use strict';

const held = JSON.parse(document.getElementById('data').textContent);
const {charts} = PlayOn, {element} = charts;
const LOCALES = {en: 'en-GB', nl: 'nl-NL'};
const frame = {lang: held.lang, view: null};

const $ = (id) => document.getElementById(id);

/* --- Words and numbers --- */

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const t = (name, values = {}) => fill(held.texts[frame.lang][name], values);
const own = (texts) => (typeof texts === 'string' ? texts : texts[frame.lang]);
const number = (value, digits = 0) => new Intl.NumberFormat(LOCALES[frame.lang],
  {minimumFractionDigits: digits, maximumFractionDigits: digits}).format(value).replace('-', '−');
const signed = (value, text) => (value > 0 ? `+${text}` : text);

function percent(share, digits = 0) {
  if (!Number.isFinite(share)) return '–';
  if (digits === 0 && share > 0 && share < 0.005) return '<1%';
  if (digits === 0 && share >= 0.995 && share < 1) return '>99%';
  return `${number(100 * share, digits)}%`;
}

/* An amount in euros, as round as people say it, or in whole steps. */
function euro(value, sign = false, step = 0) {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value) >= 1000 ? 3 : 2;
  const unit = step || 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, Math.abs(value)))) - size + 1);
  const round = unit * Math.round(value / unit), text = number(Math.abs(round));
  const mark = round < 0 ? '−' : sign && round > 0 ? '+' : '';
  return `${mark}€${frame.lang === 'en' ? '' : '\u00a0'}${text}`;
}

const swatch = (colour) => element('span', {class: 'swatch', style: `background: ${colour}`});
const headOf = (...words) => element('thead', {}, element('tr', {}, ...words.map((word) => element('th', {scope: 'col'}, word))));

/* The share of work that is done, as a thin bar above everything. */
function showProgress(share) {
  $('progress').firstElementChild.style.width = `${100 * share}%`;
  $('progress').setAttribute('aria-valuenow', Math.round(100 * share));
}

/* What is said in the language of now, in the frame and in every view. */
function showFrame() {
  const {view} = frame;
  document.documentElement.lang = frame.lang;
  for (const one of document.querySelectorAll('[data-t]')) one.textContent = t(one.dataset.t);
  for (const one of document.querySelectorAll('[data-label]')) one.setAttribute('aria-label', t(one.dataset.label));
  $('progress').setAttribute('aria-label', t('running', {share: ''}).trim());
  $('languages').setAttribute('aria-label', t('language'));
  $('views').setAttribute('aria-label', t('views'));
  for (const button of $('languages').children) button.setAttribute('aria-pressed', button.lang === frame.lang);
  $('views').hidden = PlayOn.views.length < 2;
  $('views').replaceChildren(...PlayOn.views.map((one) => {
    const button = element('button', {type: 'button', 'data-view': one.name, 'aria-pressed': one === view}, one.title());
    button.addEventListener('click', () => {
      showView(one);
      $('views').querySelector(`[data-view=${one.name}]`).focus();
    });
    return button;
  }));
  $('lead').textContent = view.lead();
  document.title = view.head();
}

/* Show a view; it begins when it is shown first. */
function showView(view) {
  frame.view = view;
  for (const one of PlayOn.views) one.main.hidden = one !== view;
  showFrame();
  if (view.begun) return;
  view.begun = true;
  view.start().catch((error) => {
    $('wrong').hidden = false;
    $('wrong').textContent = t('fails', {reason: error.message});
    throw error;
  });
}

PlayOn.start = () => {
  for (const lang of Object.keys(held.texts)) {
    const button = element('button', {lang, type: 'button'}, lang.toUpperCase());
    button.addEventListener('click', () => {
      frame.lang = lang;
      showFrame();
      PlayOn.views.filter(({begun}) => begun).forEach((view) => view.words());
    });
    $('languages').append(button);
  }
  showView(PlayOn.views[0]);
};
