import type { Output } from './manifest-file.gen.js';
import type { Passthrough } from './manifest.js';

/** Audio files that a library may hold besides FLAC, in the order of their names. */
const AUDIO_FILES: readonly string[] = [
  '**/*.{aac,ac3,aif,aiff,alac,amr,ape,au,dff,dsf,dts,eac3,m4a,m4b,mka,mp2,mp3,mp4a,mpc}',
  '**/*.{oga,ogg,opus,ra,shn,spx,tak,tta,wav,wma,wv}',
];

const PLAYLIST_FILES: readonly string[] = ['**/*.{m3u,m3u8}'];

/** Which other audio files an output takes over, and how. */
export function passthroughOf({ passthrough, passthroughFiles }: Output): Passthrough {
  if (passthrough === undefined || passthrough === 'ignore') return { how: 'copy', files: [] };
  return { how: passthrough, files: passthroughFiles ?? AUDIO_FILES };
}

/** Patterns of the playlists that an output gets. */
export function playlistsOf({ playlists }: Output): readonly string[] {
  if (playlists === undefined || playlists === false) return [];
  return playlists === true ? PLAYLIST_FILES : playlists;
}
