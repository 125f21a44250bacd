/** Vorbis comment field to the text atom of an iTunes tag, by the names that MusicBrainz Picard established. */
export const textAtoms: Readonly<Record<string, string>> = {
  ALBUM: '\xa9alb',
  ALBUMARTIST: 'aART',
  ALBUMARTISTSORT: 'soaa',
  ALBUMSORT: 'soal',
  ARTIST: '\xa9ART',
  ARTISTSORT: 'soar',
  COMMENT: '\xa9cmt',
  COMPOSER: '\xa9wrt',
  COMPOSERSORT: 'soco',
  COPYRIGHT: 'cprt',
  DATE: '\xa9day',
  DESCRIPTION: 'desc',
  DIRECTOR: '\xa9dir',
  ENCODEDBY: '\xa9too',
  'ENCODED-BY': '\xa9too',
  GENRE: '\xa9gen',
  GROUPING: '\xa9grp',
  LYRICS: '\xa9lyr',
  MOVEMENTNAME: '\xa9mvn',
  SHOW: 'tvsh',
  SHOWSORT: 'sosn',
  TITLE: '\xa9nam',
  TITLESORT: 'sonm',
  UNSYNCEDLYRICS: '\xa9lyr',
  WORK: '\xa9wrk',
};

/** Field to an atom of one number, and how many bytes that has. */
export const integerAtoms: Readonly<Record<string, readonly [atom: string, bytes: number]>> = {
  BPM: ['tmpo', 2],
  COMPILATION: ['cpil', 1],
  MOVEMENT: ['\xa9mvi', 2],
  MOVEMENTTOTAL: ['\xa9mvc', 2],
  SHOWMOVEMENT: ['shwm', 1],
};

/** Field to the name of its freeform atom where that is not the one in ID3. */
export const freeAtoms: Readonly<Record<string, string>> = {
  INITIALKEY: 'initialkey',
  KEY: 'initialkey',
  MUSICBRAINZ_TRACKID: 'MusicBrainz Track Id',
};
