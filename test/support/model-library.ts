import {
  chmodSync,
  lstatSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Story } from './story.js';

/** One thing that somebody does to a library; numbers pick among what there is. */
export interface Edit {
  readonly do: keyof typeof EDITS;
  readonly a: number;
  readonly b: number;
}

interface Track {
  folder: string;
  name: string;
  audio: number;
  title: string;
}

interface Settings {
  bitrate: number;
  layout: string;
  id3: '2.3' | '2.4';
  hasCar: boolean;
  /** Version of the encoders on PATH. */
  encoders: 1 | 2;
}

const FOLDERS = ['A', 'B', 'B/C'] as const;
const NAMES = ['p', 'q', 'r', 's', 't', 'u', 'v'] as const;
/** A file that is always there: a library that is empty stops every plan. */
const ANCHOR = 'anchor.flac';
const BASE_SECONDS = 1_600_000_000;

/** A library on disk with what is known of it, and the ways in which people change it. */
export class ModelLibrary {
  readonly story: Story;
  readonly tracks: Track[] = [];
  readonly covers: Track[] = [];
  readonly settings: Settings = {
    bitrate: 128,
    layout: 'mirror',
    id3: '2.4',
    hasCar: true,
    encoders: 1,
  };
  #seconds = BASE_SECONDS;
  #writes = 0;

  constructor(story: Story) {
    this.story = story;
    story.track(ANCHOR, { audio: 90 });
    for (const version of [1, 2]) this.#plantEncoders(version);
    this.writeManifest();
  }

  /** Programs that only say which version they are. */
  #plantEncoders(version: number): void {
    const says = { opusenc: `opus-tools ${version}`, lame: `LAME 64bits version ${version}` };
    for (const [name, text] of Object.entries(says)) {
      const path = this.story.plant(`bin${version}/${name}`, `#!/bin/sh\necho '${text}'\n`);
      chmodSync(path, 0o755);
    }
  }

  /** As the program on PATH calls itself. */
  readonly encoderOf = (codec: string): string => {
    const program = { opus: 'opusenc', mp3: 'lame' }[codec];
    return program === undefined ? codec : `${program} ${this.settings.encoders}`;
  };

  edit({ do: kind, a, b }: Edit): void {
    EDITS[kind](this, a, b);
  }

  /** Content that nothing else has. */
  fresh(kind: string): string {
    this.#writes += 1;
    return `${kind} ${this.#writes}`;
  }

  pick<T>(list: readonly T[], at: number): T | undefined {
    return list.length === 0 ? undefined : list[at % list.length];
  }

  freeName(among: readonly Track[], at: number): string | undefined {
    const used = new Set(among.map(({ name }) => name.toLowerCase()));
    return this.pick(
      NAMES.filter((name) => !used.has(name)),
      at,
    );
  }

  folder(at: number): string {
    return FOLDERS[at % FOLDERS.length] ?? 'A';
  }

  path(file: Track): string {
    const extension = this.covers.includes(file) ? 'jpg' : 'flac';
    return this.story.path(`in/${file.folder}/${file.name}.${extension}`);
  }

  write(track: Track): void {
    const { folder, name, audio, title } = track;
    this.story.track(`${folder}/${name}.flac`, { audio, title });
    this.age(this.path(track));
  }

  /** Each change is a minute after the one before: none hides behind the clock of the disk. */
  age(path: string): void {
    this.#seconds += 60;
    utimesSync(path, this.#seconds, this.#seconds);
  }

  /** Gives files other places, by way of names that nobody has. */
  rename(files: readonly Track[], places: readonly Pick<Track, 'folder' | 'name'>[]): void {
    const from = files.map((file) => this.path(file));
    for (const [at, path] of from.entries()) renameSync(path, this.story.path(`in/${at}.moving`));
    for (const [at, file] of files.entries()) {
      Object.assign(file, places[at]);
      this.story.makeFolder(`in/${file.folder}`);
      renameSync(this.story.path(`in/${at}.moving`), this.path(file));
    }
  }

  /** An output that stands, relative to the library. */
  output(at: number): string | undefined {
    const files = Object.entries(this.story.tree()).filter(([, content]) => content !== '/');
    return this.pick(files, at)?.[0];
  }

  writeManifest(): void {
    const { bitrate, layout, id3, hasCar, encoders } = this.settings;
    const common = { prune: true, layout, copy: ['**/*.jpg'] };
    this.story.manifest({
      outputs: [
        { ...common, profile: 'phone', to: './out/phone' },
        ...(hasCar ? [{ ...common, profile: 'car', to: './out/car' }] : []),
      ],
      profiles: {
        phone: { codec: 'opus', options: { bitrate } },
        car: { codec: 'mp3', tags: { id3 } },
      },
      policy: { onDrift: 'repair', rebuildOnEncoderChange: true },
    });
    process.env['PATH'] = this.story.path(`bin${encoders}`);
  }
}

type EditOf = (library: ModelLibrary, a: number, b: number) => void;

const place = ({ folder, name }: Track): Pick<Track, 'folder' | 'name'> => ({ folder, name });

const add: EditOf = (library, a, b) => {
  const name = library.freeName(library.tracks, a);
  if (name === undefined) return;
  const track = { folder: library.folder(b), name, audio: 1 + ((a * 7 + b) % 40), title: 'one' };
  library.tracks.push(track);
  library.write(track);
};

/** Renames either tracks or covers. */
const shuffle =
  (move: (library: ModelLibrary, files: Track[], at: readonly [number, number]) => void): EditOf =>
  (library, a, b) =>
    move(library, a % 4 === 3 ? library.covers : library.tracks, [a, b]);

const EDITS = {
  add,
  addMore: add,
  copy: (library, a, b) => {
    const original = library.pick(library.tracks, a);
    const name = library.freeName(library.tracks, b);
    if (original === undefined || name === undefined) return;
    const copy = { ...original, folder: library.folder(b), name };
    library.tracks.push(copy);
    library.write(copy);
  },
  resound: (library, a, b) => {
    const track = library.pick(library.tracks, a);
    if (track === undefined) return;
    track.audio = 1 + ((track.audio + b) % 40);
    library.write(track);
  },
  /** Other audio in a file of the same size and time. */
  forge: (library, a, b) => {
    const track = library.pick(library.tracks, a);
    if (track === undefined) return;
    const path = library.path(track);
    const before = statSync(path);
    track.audio = 1 + ((track.audio + b) % 40);
    library.write(track);
    utimesSync(path, before.atime, before.mtime);
    if (statSync(path).size !== before.size) throw new Error(`${path} has another size`);
  },
  retag: (library, a, b) => {
    const track = library.pick(library.tracks, a);
    if (track === undefined) return;
    track.title = ['one', 'two', 'six'][b % 3] ?? 'one';
    library.write(track);
  },
  touch: (library, a) => {
    const file = library.pick([...library.tracks, ...library.covers], a);
    if (file !== undefined) library.age(library.path(file));
  },
  remove: (library, a) => {
    const list = a % 4 === 3 ? library.covers : library.tracks;
    const file = library.pick(list, a);
    if (file === undefined) return;
    rmSync(library.path(file));
    list.splice(list.indexOf(file), 1);
  },
  rename: shuffle((library, files, [a, b]) => {
    const file = library.pick(files, a);
    const name = library.freeName(files, b);
    if (file === undefined || name === undefined) return;
    library.rename([file], [{ folder: library.folder(b), name }]);
  }),
  swap: shuffle((library, files, [a, b]) => {
    const [one, other] = [library.pick(files, a), library.pick(files, b)];
    if (one === undefined || other === undefined || one === other) return;
    library.rename([one, other], [place(other), place(one)]);
  }),
  /** All names move on by one; the last takes the first's, or a free one. */
  shift: shuffle((library, files, [a, b]) => {
    const free = library.freeName(files, b);
    const [first] = files;
    if (first === undefined || free === undefined) return;
    const end = a % 2 === 0 ? place(first) : { folder: library.folder(b), name: free };
    library.rename(files, [...files.slice(1).map(place), end]);
  }),
  folder: (library, a, b) => {
    const files = [...library.tracks, ...library.covers];
    const moved = files.filter(({ folder }) => folder === library.folder(a));
    const places = moved.map(({ name }) => ({ name, folder: library.folder(b) }));
    library.rename(moved, places);
  },
  case: (library, a) => {
    const file = library.pick(library.tracks, a);
    if (file === undefined) return;
    const { folder, name } = file;
    const other = name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase();
    library.rename([file], [{ folder, name: other }]);
  },
  cover: (library, a, b) => {
    const name = library.freeName(library.covers, a);
    const known = b % 3 === 0 ? library.pick(library.covers, a) : undefined;
    if (name === undefined) return;
    const cover = known ?? { folder: library.folder(b), name, audio: 0, title: '' };
    if (known === undefined) library.covers.push(cover);
    const path = `in/${cover.folder}/${cover.name}.jpg`;
    library.age(library.story.plant(path, b % 5 === 0 ? 'the same' : library.fresh('cover')));
  },
  option: (library, a, b) => {
    const { settings } = library;
    if (a % 4 === 0) settings.bitrate = [64, 96, 128][b % 3] ?? 128;
    else if (a % 4 === 1) settings.layout = b % 2 === 0 ? 'mirror' : 'flat';
    else if (a % 4 === 2) settings.id3 = b % 2 === 0 ? '2.3' : '2.4';
    else if (b % 2 === 0) settings.hasCar = b % 3 !== 0;
    else settings.encoders = settings.encoders === 1 ? 2 : 1;
    library.writeManifest();
  },
  drift: (library, a) => {
    const output = library.output(a);
    if (output === undefined) return;
    const path = library.story.path(`out/${output}`);
    writeFileSync(path, library.fresh('user:'));
    library.age(path);
  },
  lose: (library, a) => {
    const output = library.output(a);
    if (output !== undefined) rmSync(library.story.path(`out/${output}`));
  },
  touchOutput: (library, a) => {
    const output = library.output(a);
    if (output !== undefined) library.age(library.story.path(`out/${output}`));
  },
  foreign: (library, a, b) => {
    const name = `${library.folder(b)}/${NAMES[a % NAMES.length]}.opus`;
    const path = library.story.path(`out/phone/${name}`);
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return;
    if (lstatSync(dirname(path), { throwIfNoEntry: false })?.isDirectory() === false) return;
    library.story.plant(`out/phone/${name}`, library.fresh('user:'));
  },
} satisfies Readonly<Record<string, EditOf>>;

/** The names of all edits. */
export const EDIT_NAMES: readonly Edit['do'][] = Object.keys(EDITS) as Edit['do'][];
