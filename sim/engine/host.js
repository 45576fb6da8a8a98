/* The engine in JavaScript, for a page (<script>) and for Node. How values cross: see hosts.py.

   const engine = await AdoptionEngine.load(bytes);           // what engine.wasm holds
   const given = {a: 2.5, plan: {rounds: {data: bytes, shape: [4]}}};
   const result = engine.call('page_entry', given);           // arrays it writes into are changed

   A number is a number (whole ones beyond 2^53 a BigInt or text), an array {data, shape} with a
   typed array or bytes, a tuple an object with its fields. Arrays come back as typed arrays, tables
   as bytes. */

const AdoptionEngine = (() => {
  'use strict';
  const ARRAYS = {f8: Float64Array, f4: Float32Array, i8: BigInt64Array, i4: Int32Array,
    i2: Int16Array, i1: Int8Array, u4: Uint32Array, u2: Uint16Array, u1: Uint8Array,
    b1: Uint8Array};
  const product = (shape) => shape.reduce((one, other) => one * other, 1);
  const bytesOf = (data) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

  async function load(bytes) {
    const {module, instance: {exports}} = await WebAssembly.instantiate(bytes);
    const [said] = WebAssembly.Module.customSections(module, 'ai-adoption');
    const {code, types, entries} = JSON.parse(new TextDecoder().decode(said));
    const widthOf = (element) => (types[element] || {}).size || ARRAYS[element].BYTES_PER_ELEMENT;
    const placesOf = (kind) => {
      const {fields, dimensions = 0} = types[kind] || {};
      return fields ? fields.reduce((sum, [, one]) => sum + placesOf(one), 0) : 1 + dimensions;
    };
    const take = (size) => exports.take(BigInt(size)) >>> 0;

    /* The numbers and arrays in a value, in the order in which they cross. */
    function* leaves(kind, value, path) {
      const {fields} = types[kind] || {};
      if (value === undefined) throw new TypeError(`${path} is missing`);
      if (!fields) yield [kind, value, path];
      else for (const [name, one] of fields) yield* leaves(one, value[name], `${path}.${name}`);
    }

    /* A value as it came back: `places` gives one 64-bit place after the other. */
    function back(kind, places) {
      const {fields, element, dimensions} = types[kind] || {};
      if (fields) return Object.fromEntries(fields.map(([name, one]) => [name, back(one, places)]));
      const place = places.next().value;
      if (!element) {
        if (kind === 'double') return new Float64Array(BigInt64Array.of(place).buffer)[0];
        if (kind === 'bool') return place !== 0n;
        return Number.isSafeInteger(Number(place)) ? Number(place) : place;
      }
      const shape = Array.from({length: dimensions}, () => Number(places.next().value));
      const from = Number(place), size = product(shape) * widthOf(element);
      const copy = exports.memory.buffer.slice(from, from + size);
      return {data: new (ARRAYS[element] || Uint8Array)(copy), shape};
    }

    /* What an entry makes of some values, by the names of its parameters. */
    function call(name, values) {
      const {parameters, written, result} = entries[name];
      exports.start();
      const places = [], moved = [];
      for (const [parameter, kind] of Object.entries(parameters)) {
        for (const [one, value, path] of leaves(kind, values[parameter], parameter)) {
          const {element, dimensions} = types[one] || {};
          if (!element) {
            places.push(one === 'double'
              ? new BigInt64Array(Float64Array.of(value).buffer)[0] : BigInt(value));
            continue;
          }
          const {data: given, shape = []} = value;
          const size = product(shape) * widthOf(element);
          if (shape.length !== dimensions || given.byteLength !== size) {
            throw new TypeError(`${path}: ${dimensions} extents, and bytes for all, are needed`);
          }
          const data = bytesOf(given);
          const at = take(data.length);
          moved.push([at, data, written.includes(parameter)]);
          places.push(at, ...shape);
        }
      }
      const room = Math.max(places.length, placesOf(result)), at = take(8 * room);
      const memory = () => new Uint8Array(exports.memory.buffer);
      for (const [where, data] of moved) memory().set(data, where);
      new BigInt64Array(exports.memory.buffer, at, room).set(places.map(BigInt));
      exports[name](at);
      for (const [where, data, changed] of moved) {
        if (changed) data.set(memory().subarray(where, where + data.length));
      }
      const found = new BigInt64Array(exports.memory.buffer, at, room);
      return result === null ? null : back(result, found[Symbol.iterator]());
    }

    /* A column of a table that came as bytes, as a typed array of its own. */
    function column(table, data, name) {
      const [, code, from] = types[table].columns.find(([one]) => one === name);
      const size = types[table].size, found = new ARRAYS[code](data.length / size);
      const width = found.BYTES_PER_ELEMENT, bytes = bytesOf(found);
      for (let i = 0; i < found.length; i++) {
        bytes.set(data.subarray(i * size + from, i * size + from + width), i * width);
      }
      return found;
    }

    /* Write a number into a row of a table that is bytes. */
    function put(table, data, row, name, value) {
      const [, code, from] = types[table].columns.find(([one]) => one === name);
      const bytes = bytesOf(ARRAYS[code].of(code.endsWith('8') && code[0] !== 'f' ? BigInt(value) : value));
      data.set(bytes, row * types[table].size + from);
    }

    return {code, types, entries, call, column, put};
  }

  /* A value as Python packed it (sim.engine.packing), arrays as base64, ready to be given. */
  function unpack(value) {
    if (value === null || typeof value !== 'object') return value;
    if (value.base64 === undefined) {
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, unpack(one)]));
    }
    return {data: Uint8Array.from(atob(value.base64), (c) => c.charCodeAt(0)), shape: value.shape};
  }

  return {load, unpack};
})();

if (typeof module !== 'undefined') module.exports = AdoptionEngine;
