'use strict';

const kinds = ['code', 'data', 'file', 'heap', 'stack', 'anonymous', 'shared', 'guard'];
const happenings = {fault: 'page fault', in: 'copy from the program', out: 'copy to the program'};
const pageSize = 4096;
const mostPages = 16384;
const seen = new Map();
let state = {processes: [], mounts: [], modules: [], plugins: []};
let chosen = null;

const by = id => document.getElementById(id);

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'class') element.className = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

function size(bytes) {
  const units = ['B', 'K', 'M', 'G', 'T'];
  let unit = 0;
  while (bytes >= 1024 && unit < units.length - 1) { bytes /= 1024; unit++; }
  return `${bytes < 10 && unit ? bytes.toFixed(1) : Math.round(bytes)} ${units[unit]}`;
}

const number = hex => parseInt(hex, 16);
const key = (process, area) => `${process.id}:${area.start}`;
const percent = (part, whole) => `${whole ? Math.min(100, 100 * part / whole) : 0}%`;

// The width of an area grows with the root of its size, so that small ones are seen beside large ones.
const weight = area => Math.max(1, Math.sqrt(area.bytes / pageSize));

function areaElement(process, area) {
  const text = `${area.start}-${area.end} ${area.access} ${area.name || area.kind}, ${size(area.bytes)},`
      + ` ${size(area.resident)} resident`;
  const element = make('button', {
    class: 'area', type: 'button', title: text, 'aria-label': text,
    'data-kind': area.kind, 'data-start': area.start, 'data-end': area.end});
  element.style.flexGrow = weight(area);
  fill(element, area);
  element.addEventListener('click', () => { chosen = key(process, area); draw(); show(); });
  return element;
}

function fill(element, area) {
  const resident = make('span', {class: 'resident'});
  resident.style.height = percent(area.resident, area.bytes);
  const cow = make('span', {class: 'cow'});
  cow.style.height = percent(area.copyOnWrite, area.bytes);
  element.replaceChildren(resident, cow, ...element.querySelectorAll('.hit'));
}

// A process is drawn anew only when its areas changed; else just how much of each is there.
function drawProcess(process) {
  let card = by(`process-${process.id}`);
  if (!card) {
    card = make('article', {class: 'process', id: `process-${process.id}`},
        make('div', {class: 'head'}, make('span', {class: 'pid'}), make('span', {class: 'command'}),
            make('span', {class: 'numbers'})),
        make('div', {class: 'map'}, make('div', {class: 'strip'})));
    card.querySelector('.map').addEventListener('wheel', wheel, {passive: false});
  }
  card.querySelector('.pid').textContent = process.id;
  card.querySelector('.command').textContent = process.command;
  card.querySelector('.command').title = process.command;
  const count = seen.get(process.id);
  card.querySelector('.numbers').textContent = `${process.state} · ${process.tasks} task${process.tasks === 1 ? '' : 's'}`
      + ` · ${size(process.virtual)} mapped · ${size(process.resident)} resident`
      + (count ? ` · ${count.faults} faults, ${count.copies} copies seen` : '');
  const strip = card.querySelector('.strip');
  const layout = process.areas.map(area => `${area.start}-${area.end}${area.access}`).join();
  if (strip.dataset.layout !== layout) {
    strip.dataset.layout = layout;
    const parts = [];
    process.areas.forEach((area, i) => {
      const before = process.areas[i - 1];
      if (before && before.end !== area.start) {
        parts.push(make('span', {class: 'gap', title: `${size(number(area.start) - number(before.end))} unmapped`}));
      }
      parts.push(areaElement(process, area));
    });
    strip.replaceChildren(...parts);
  } else {
    const elements = strip.querySelectorAll('.area');
    process.areas.forEach((area, i) => fill(elements[i], area));
  }
  for (const element of strip.querySelectorAll('.area')) {
    element.classList.toggle('chosen', chosen === `${process.id}:${element.dataset.start}`);
  }
  return card;
}

function wheel(event) {
  if (!event.ctrlKey && !event.shiftKey) return;
  event.preventDefault();
  const map = event.currentTarget;
  const place = (map.scrollLeft + event.clientX - map.getBoundingClientRect().left) / map.scrollWidth;
  by('zoom').value = Number(by('zoom').value) - Math.sign(event.deltaY) * 0.3;
  zoom();
  map.scrollLeft = place * map.scrollWidth - (event.clientX - map.getBoundingClientRect().left);
}

function zoom() {
  const width = `${100 * 2 ** Number(by('zoom').value)}%`;
  for (const strip of document.querySelectorAll('.strip')) strip.style.width = width;
}

function rows(id, items, cells) {
  by(id).replaceChildren(...items.map(item =>
    make('tr', {}, ...cells(item).map(cell => make('td', {}, cell)))));
  if (!items.length) by(id).append(make('tr', {}, make('td', {class: 'none'}, 'none')));
}

// "name (layer) -> a, b"
function moduleCells(line) {
  const [, name, layer, requires] = line.match(/^(\S+) \((.*?)\)(?: -> (.*))?$/) || [null, line, '', ''];
  return [name, layer, requires || ''];
}

function draw() {
  const resident = state.processes.reduce((sum, process) => sum + process.resident, 0);
  by('totals').textContent = `${state.processes.length} process${state.processes.length === 1 ? '' : 'es'},`
      + ` ${size(resident)} resident`;
  by('processes').replaceChildren(...state.processes.map(drawProcess));
  zoom();
  rows('mounts', state.mounts, m => [m.target, m.type, m.source, m.options]);
  rows('modules', state.modules, moduleCells);
  rows('plugins', state.plugins, p => [p.name, p.state.toLowerCase(), p.layers.join(', '), p.services.join(', ')]);
}

function find(id) {
  for (const process of state.processes) {
    for (const area of process.areas) {
      if (key(process, area) === id) return [process, area];
    }
  }
  return [null, null];
}

async function show() {
  const [process, area] = find(chosen);
  const detail = by('detail');
  detail.hidden = !area;
  if (!area) return;
  const facts = {
    Process: `${process.id} ${process.command}`, Addresses: `${area.start}-${area.end}`, Access: area.access,
    Kind: area.kind, Name: area.name || '–', Size: size(area.bytes), Resident: size(area.resident),
    'Shared until written': size(area.copyOnWrite)};
  detail.replaceChildren(make('h2', {}, 'Area'),
      make('dl', {}, ...Object.entries(facts).map(([name, value]) =>
        make('div', {}, make('dt', {}, name), make('dd', {}, value)))));
  const pages = Math.min(mostPages, area.bytes / pageSize);
  const response = await fetch(`pages.json?process=${process.id}&start=${area.start}&pages=${pages}`);
  if (response.ok && chosen === key(process, area)) detail.append(pageGrid(await response.json(), area));
}

// A square a page, filled where it is resident.
function pageGrid(bits, area) {
  const columns = 128;
  const cell = 7;
  const canvas = make('canvas', {role: 'img', 'aria-label': 'resident pages', 'data-pages': bits.length,
    width: Math.min(columns, bits.length) * cell, height: Math.ceil(bits.length / columns) * cell});
  const brush = canvas.getContext('2d');
  const probe = make('span', {'data-kind': area.kind});
  document.body.append(probe);
  const color = getComputedStyle(probe).getPropertyValue('--kind');
  probe.remove();
  brush.fillStyle = color;
  for (let i = 0; i < bits.length; i++) {
    brush.globalAlpha = bits[i] === '1' ? 1 : 0.18;
    brush.fillRect(i % columns * cell, Math.floor(i / columns) * cell, cell - 1, cell - 1);
  }
  return canvas;
}

function happened(events) {
  for (const event of events) {
    const count = seen.get(event.process) || {faults: 0, copies: 0};
    count[event.kind === 'fault' ? 'faults' : 'copies'] += event.count;
    seen.set(event.process, count);
  }
  draw();
  for (const event of events.slice(-150)) flash(event);
}

function flash(event) {
  const at = number(event.address);
  for (const element of document.querySelectorAll(`#process-${event.process} .area`)) {
    const start = number(element.dataset.start);
    const end = number(element.dataset.end);
    if (at >= start && at < end) {
      const hit = make('i', {class: 'hit', 'data-kind': event.kind});
      hit.style.left = percent(at - start, end - start);
      hit.addEventListener('animationend', () => hit.remove());
      element.append(hit);
      return;
    }
  }
}

function live(on, text) {
  by('live').textContent = text;
  by('live').classList.toggle('on', on);
}

function listen() {
  // "#batches=3" ends by itself, for tools that wait until nothing is loaded any more.
  const most = location.hash.match(/^#batches=(\d+)$/);
  const events = new EventSource(most ? `events?batches=${most[1]}` : 'events');
  events.addEventListener('open', () => live(true, 'live'));
  events.addEventListener('error', () => live(false, 'not connected'));
  events.addEventListener('state', event => { state = JSON.parse(event.data); draw(); show(); });
  events.addEventListener('activity', event => happened(JSON.parse(event.data)));
  events.addEventListener('end', () => { events.close(); live(false, 'ended'); });
}

by('legend').append(
    ...kinds.map(kind => make('li', {'data-kind': kind}, kind)),
    ...Object.entries(happenings).map(([kind, text]) => make('li', {'data-kind': kind, class: 'dot'}, text)));
by('zoom').addEventListener('input', zoom);
fetch('state.json').then(response => response.json()).then(now => { state = now; draw(); });
listen();
