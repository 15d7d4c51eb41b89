import { readSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

/*
 * Unpacks in a thread of its own: libarchive works synchronously, a damaged file can send it round in circles,
 * and a thread can be ended. It does what archive-reader.ts asks and decides nothing. That module loads this
 * file as text and starts it from a data: URL, so that it is the same in tests and in the bundled program.
 *
 * libarchive itself is WebAssembly without a system: its only imports are the four functions below, so whatever
 * a hostile archive makes of it, it can read the bytes it is handed and return others.
 */

/**
 * @typedef {import('./archive-reader.ts').Request} Request
 * @typedef {import('./archive-reader.ts').Answer} Answer
 * @typedef {import('./archive-reader.ts').ThreadData} ThreadData
 * @typedef {(memory: Uint8Array) => number} Source fills the memory and returns how many bytes; 0 at the end
 */

/** @type {ThreadData} */
const { module, fd, size, limits } = workerData;

const CHUNK_BYTES = 256 * 1024;
/** Between two reports of how far it is. */
const REPORT_BYTES = 4 * 1024 * 1024;
/** ARCHIVE_EOF and ARCHIVE_WARN (archive.h): the end, and "go on, but look at the message". */
const EOF = 1;
const WARN = -20;
/** Where the time stands in the header of a tar archive (pax(1), "ustar Interchange Format"). */
const TAR_TIME = [136, 147];

const counts = { read: 0, unpacked: 0, reported: 0 };

class Refusal extends Error {
  /**
   * @param {Extract<Answer, { kind: 'failed' }>['reason']} reason
   * @param {string} message
   */
  constructor(reason, message) {
    super(message);
    this.reason = reason;
  }
}

/** One libarchive, reading one archive. */
class Reader {
  /** @type {Record<string, (...args: number[]) => number>} */
  functions;

  /** @param {Source} source */
  constructor(source) {
    const { exports } = new WebAssembly.Instance(module, {
      env: {
        archive_open_handler: () => 0,
        archive_close_handler: () => 0,
        archive_write_handler: (
          /** @type {number} */ _handle,
          /** @type {number} */ at,
          /** @type {number} */ length,
        ) => {
          this.written = Buffer.from(this.memory.buffer, at, length).toString('latin1');
          return length;
        },
        archive_read_handler: (
          /** @type {number} */ _handle,
          /** @type {number} */ at,
          /** @type {number} */ length,
        ) => source(new Uint8Array(this.memory.buffer, at, length)),
      },
    });
    this.memory = /** @type {WebAssembly.Memory} */ (exports.memory);
    this.functions = /** @type {Record<string, (...args: number[]) => number>} */ (
      /** @type {unknown} */ (exports)
    );
    this.handle = this.call('archive_read_new');
    this.chunk = this.call('archive_buffer_new', CHUNK_BYTES);
    this.tarFormat = this.stringOf('ustar');
    this.anyName = this.stringOf('x');
    this.entry = 0;
    this.written = '';
    this.hasContent = false;
    this.call('archive_read_support_filter_all', this.handle);
    this.call('archive_read_support_format_all', this.handle);
    this.check(this.call('archive_read_open', this.handle));
  }

  /**
   * @param {string} name
   * @param {number[]} args
   * @returns {number}
   */
  call(name, ...args) {
    const result = this.functions[name]?.(...args) ?? 0;
    if (this.memory.buffer.byteLength > limits.memoryBytes) throw new Refusal('memory', '');
    return result;
  }

  /** The next member; null at the end. */
  next() {
    const entry = this.nextHeader();
    this.entry = entry;
    if (entry === 0) return null;
    const path =
      this.call('archive_entry_pathname', entry) || this.call('archive_entry_pathname_utf8', entry);
    return {
      path: this.bytesAt(path, limits.pathBytes + 1),
      mode: this.call('archive_entry_mode', entry),
      size:
        this.call('archive_entry_size_is_set', entry) === 0
          ? null
          : this.call('archive_entry_size_hi', entry) * 2 ** 32 +
            (this.call('archive_entry_size_lo', entry) >>> 0),
    };
  }

  /** Goes to the next header; 0 at the end. */
  nextHeader() {
    for (;;) {
      // Not archive_read_data_skip(): what is passed over counts, too.
      while (this.hasContent) this.read();
      const entry = this.call('archive_read_next_header', this.handle);
      const problem = entry === 0 ? this.call('archive_read_last_error', this.handle) : 0;
      // One that libarchive warns of is not handed out. Others come after it.
      this.hasContent = entry !== 0 || problem === WARN;
      if (!this.hasContent && problem !== EOF) this.check(problem);
      if (problem !== WARN) return entry;
    }
  }

  /** Some of the member's content, until the next call; empty at its end. */
  read() {
    const length = this.hasContent ? this.call('archive_read_data', this.handle, this.chunk, CHUNK_BYTES) : 0;
    this.check(length);
    this.hasContent = length > 0;
    counts.unpacked += length;
    report();
    const isBomb = counts.unpacked > limits.ratioFromBytes && counts.unpacked > size * limits.ratio;
    if (isBomb || counts.unpacked > limits.unpackedBytes) throw new Refusal('bomb', '');
    return new Uint8Array(this.memory.buffer, this.chunk, length);
  }

  /**
   * When the member was last changed, in seconds since 1970; 0 where no tar archive could tell. To be asked when its
   * content has been read. This libarchive hands out no times, so it writes the header of a tar archive that has one.
   */
  mtime() {
    this.written = '';
    const writer = this.call('archive_write_new');
    this.call('archive_write_set_format_by_name', writer, this.tarFormat);
    this.call('archive_write_open', writer);
    // A short name always fits, and without a size there is no content to come.
    this.call('archive_entry_set_pathname_utf8', this.entry, this.anyName);
    this.call('archive_entry_set_size', this.entry, 0, 0);
    this.call('archive_write_header', writer, this.entry);
    this.call('archive_write_close', writer);
    this.call('archive_write_free', writer);
    return Number.parseInt(this.written.slice(...TAR_TIME), 8) || 0;
  }

  /** @param {number} result */
  check(result) {
    if (result >= 0 || result === WARN) return;
    const message = this.bytesAt(this.call('archive_error_string', this.handle), 300);
    throw new Refusal('damaged', Buffer.from(message).toString('latin1'));
  }

  /**
   * The address of a C string.
   *
   * @param {string} text
   */
  stringOf(text) {
    const bytes = Buffer.from(`${text}\0`);
    const address = this.call('archive_buffer_new', bytes.length);
    new Uint8Array(this.memory.buffer, address).set(bytes);
    return address;
  }

  /**
   * A copy of the C string at an address, at most so long; empty for NULL.
   *
   * @param {number} address
   * @param {number} longest
   */
  bytesAt(address, longest) {
    if (address === 0) return new Uint8Array();
    const all = new Uint8Array(this.memory.buffer, address);
    const end = all.subarray(0, longest).indexOf(0);
    return all.slice(0, end < 0 ? longest : end);
  }
}

/** @type {Source} */
function readFile(memory) {
  const length = readSync(fd, memory, 0, memory.length, counts.read);
  counts.read += length;
  report();
  return length;
}

/** @type {Source[]} the archives that are open, each a member of the one before */
const sources = [readFile];
/** @type {Reader | undefined} the innermost */
let reader;

/** What the file itself begins with is known to be an archive; what the member holds is not. */
function enter() {
  if (reader === undefined) throw new Refusal('damaged', '');
  const outer = reader;
  let rest = new Uint8Array();
  sources.push((memory) => {
    if (rest.length === 0) rest = outer.read().slice();
    const length = Math.min(memory.length, rest.length);
    memory.set(rest.subarray(0, length));
    rest = rest.subarray(length);
    return length;
  });
  reader = undefined;
}

function current() {
  reader ??= new Reader(/** @type {Source} */ (sources.at(-1)));
  return reader;
}

/**
 * Writes the member's content into a file that is open for it, from its start.
 *
 * @param {number} output
 * @returns {Answer}
 */
function unpack(output) {
  let length = 0;
  for (let chunk = current().read(); chunk.length > 0; chunk = current().read()) {
    if (length + chunk.length > limits.programBytes) throw new Refusal('large', '');
    for (let written = 0; written < chunk.length; ) {
      written += write(output, chunk.subarray(written), length + written);
    }
    length += chunk.length;
  }
  return { kind: 'unpacked', size: length, mtime: current().mtime() };
}

/**
 * @param {number} output
 * @param {Uint8Array} bytes
 * @param {number} position
 */
function write(output, bytes, position) {
  try {
    return writeSync(output, bytes, 0, bytes.length, position);
  } catch (error) {
    throw new Refusal('write', error instanceof Error ? error.message : String(error));
  }
}

/**
 * @param {Request} request
 * @returns {Answer}
 */
function answer(request) {
  switch (request.kind) {
    case 'next': {
      const member = current().next();
      return member === null ? { kind: 'end' } : { kind: 'member', ...member };
    }
    case 'enter':
      enter();
      return { kind: 'entered' };
    case 'unpack':
      return unpack(request.fd);
  }
}

/** @param {Answer} answer */
const send = (answer) => parentPort?.postMessage(answer);

function report() {
  if (counts.read + counts.unpacked - counts.reported < REPORT_BYTES) return;
  counts.reported = counts.read + counts.unpacked;
  send({ kind: 'progress', read: counts.read });
}

parentPort?.on('message', (/** @type {Request} */ request) => {
  try {
    send(answer(request));
  } catch (error) {
    if (error instanceof Refusal) send({ kind: 'failed', reason: error.reason, message: error.message });
    // A trap inside WebAssembly: libarchive met what it cannot deal with.
    else send({ kind: 'failed', reason: 'damaged', message: error instanceof Error ? error.message : '' });
  }
});
