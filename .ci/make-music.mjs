// Composes the FLAC files of examples/: a few seconds of plucked strings each, the same at every run.
// Needs `flac` and `ffmpeg` (for the cover). Run by hand when the examples change: node .ci/make-music.mjs
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(
  dirname(dirname(fileURLToPath(import.meta.url))),
  'examples',
  'quickstart',
  'Lossless',
);
const scratch = mkdtempSync(join(tmpdir(), 'flac2all-music-'));

const albums = [
  {
    folder: 'The Plucked Strings/2024 - First Steps',
    tags: { ALBUM: 'First Steps', ALBUMARTIST: 'The Plucked Strings', DATE: '2024', GENRE: 'Folk' },
    tracks: [
      {
        title: 'Morning Scale',
        artist: ['The Plucked Strings'],
        notes: [0, 2, 4, 5, 7, 9, 11, 12],
        beat: 0.6,
      },
      {
        title: 'Waltz: For Two',
        artist: ['The Plucked Strings', 'Ada Møller'],
        notes: [0, 4, 7, 0, 5, 9, 0, 4, 7, 12],
        beat: 0.5,
      },
      {
        title: 'Slow Arpeggio',
        artist: ['The Plucked Strings'],
        notes: [0, 7, 12, 16, 12, 7],
        beat: 0.9,
      },
    ],
  },
  {
    folder: 'Żółć & Søn/Über die Brücke',
    tags: {
      ALBUM: 'Über die Brücke',
      ALBUMARTIST: 'Żółć & Søn',
      DATE: '2025-03-01',
      GENRE: 'Electronic',
    },
    tracks: [
      { title: 'Brücke №1', artist: ['Żółć & Søn'], notes: [-5, 0, 3, 7, 10, 7, 3, 0], beat: 0.45 },
      {
        title: 'Nocturne (24 bit)',
        artist: ['Żółć & Søn'],
        notes: [-12, -5, 0, 3, 0],
        beat: 0.8,
        rate: 96000,
        bits: 24,
      },
    ],
  },
];

rmSync(root, { recursive: true, force: true });
for (const album of albums) {
  const folder = join(root, album.folder);
  mkdirSync(folder, { recursive: true });
  const cover = join(folder, 'cover.jpg');
  execFileSync('ffmpeg', [
    ...['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i'],
    'gradients=s=300x300:n=4:seed=7:d=1:r=1',
    ...['-frames:v', '1', '-q:v', '5', '-bitexact', cover],
  ]);
  album.tracks.forEach((track, at) => makeTrack({ album, track, number: at + 1, folder, cover }));
}
rmSync(scratch, { recursive: true, force: true });

function makeTrack({ album, track, number, folder, cover }) {
  const { rate = 44100, bits = 16 } = track;
  const wav = join(scratch, 'track.wav');
  writeFileSync(wav, toWav(compose(track, rate), rate, bits));
  const tags = {
    ...album.tags,
    TITLE: track.title,
    TRACKNUMBER: number,
    TRACKTOTAL: album.tracks.length,
  };
  const fields = [
    ...Object.entries(tags).map(([name, value]) => `${name}=${value}`),
    ...track.artist.map((name) => `ARTIST=${name}`),
  ];
  const name = `${String(number).padStart(2, '0')} ${track.title.replaceAll(/[:/]/g, ' -')}.flac`;
  execFileSync(
    'flac',
    [
      ...['--silent', '--best', '--no-padding', '--force', `--output-name=${join(folder, name)}`],
      ...fields.map((field) => `--tag=${field}`),
      ...(number === 1 ? [`--picture=${cover}`] : []),
      wav,
    ],
    { env: { ...process.env, LC_ALL: 'C.UTF-8' } },
  );
}

/** Stereo samples between -1 and 1: each note a plucked string (Karplus and Strong, 1983), panned. */
function compose({ notes, beat }, rate) {
  const length = Math.round(rate * (notes.length * beat + 1));
  const out = new Float64Array(length * 2);
  notes.forEach((note, index) => {
    const period = Math.round(rate / (220 * 2 ** (note / 12)));
    let seed = 12345 + index * 977;
    const string = Float64Array.from({ length: period }, () => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed / 1073741824 - 1;
    });
    const pan = 0.3 + 0.4 * ((index % 3) / 2);
    for (let i = 0, at = Math.round(index * beat * rate); at < length; i += 1, at += 1) {
      const here = i % period;
      const value = string[here];
      string[here] = 0.996 * 0.5 * (value + string[(here + 1) % period]);
      out[at * 2] += 0.22 * value * (1 - pan);
      out[at * 2 + 1] += 0.22 * value * pan;
    }
  });
  return out;
}

function toWav(samples, rate, bits) {
  const bytes = bits / 8;
  const data = Buffer.alloc(samples.length * bytes);
  const peak = 2 ** (bits - 1) - 1;
  samples.forEach((value, i) =>
    data.writeIntLE(Math.round(Math.max(-1, Math.min(1, value)) * peak), i * bytes, bytes),
  );
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(2, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2 * bytes, 28);
  header.writeUInt16LE(2 * bytes, 32);
  header.writeUInt16LE(bits, 34);
  header.write('data', 36);
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}
