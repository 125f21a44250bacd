/** Vorbis comment field to ID3v2 text frame, by the names that MusicBrainz Picard established. */
export const textFrames: Readonly<Record<string, string>> = {
  ALBUM: 'TALB',
  ALBUMARTIST: 'TPE2',
  ALBUMARTISTSORT: 'TSO2',
  ALBUMSORT: 'TSOA',
  ARTIST: 'TPE1',
  ARTISTSORT: 'TSOP',
  BPM: 'TBPM',
  COMPILATION: 'TCMP',
  COMPOSER: 'TCOM',
  COMPOSERSORT: 'TSOC',
  CONDUCTOR: 'TPE3',
  COPYRIGHT: 'TCOP',
  DISCSUBTITLE: 'TSST',
  ENCODEDBY: 'TENC',
  'ENCODED-BY': 'TENC',
  GENRE: 'TCON',
  GROUPING: 'TIT1',
  INITIALKEY: 'TKEY',
  ISRC: 'TSRC',
  KEY: 'TKEY',
  LABEL: 'TPUB',
  LANGUAGE: 'TLAN',
  LYRICIST: 'TEXT',
  MEDIA: 'TMED',
  MOOD: 'TMOO',
  MOVEMENTNAME: 'MVNM',
  ORGANIZATION: 'TPUB',
  ORIGINALALBUM: 'TOAL',
  ORIGINALARTIST: 'TOPE',
  ORIGINALFILENAME: 'TOFN',
  PUBLISHER: 'TPUB',
  RELEASEDATE: 'TDRL',
  REMIXER: 'TPE4',
  SUBTITLE: 'TIT3',
  TITLE: 'TIT2',
  TITLESORT: 'TSOT',
};

/** Frames that only ID3v2.4 has; in 2.3 the field goes into TXXX under its own name. */
export const only24: ReadonlySet<string> = new Set(['TDRL', 'TMOO', 'TSST']);

/** Frames of one web address; other values, and more than one, go into TXXX. */
export const urlFrames: Readonly<Record<string, string>> = { LICENSE: 'WCOP', WEBSITE: 'WOAR' };

/** Field to the description of its TXXX frame, and of its freeform atom in MP4; others keep their name. */
export const freeNames: Readonly<Record<string, string>> = {
  ACOUSTID_FINGERPRINT: 'Acoustid Fingerprint',
  ACOUSTID_ID: 'Acoustid Id',
  MUSICBRAINZ_ALBUMARTISTID: 'MusicBrainz Album Artist Id',
  MUSICBRAINZ_ALBUMID: 'MusicBrainz Album Id',
  MUSICBRAINZ_ARTISTID: 'MusicBrainz Artist Id',
  MUSICBRAINZ_DISCID: 'MusicBrainz Disc Id',
  MUSICBRAINZ_ORIGINALALBUMID: 'MusicBrainz Original Album Id',
  MUSICBRAINZ_ORIGINALARTISTID: 'MusicBrainz Original Artist Id',
  MUSICBRAINZ_RELEASEGROUPID: 'MusicBrainz Release Group Id',
  MUSICBRAINZ_RELEASETRACKID: 'MusicBrainz Release Track Id',
  MUSICBRAINZ_TRMID: 'MusicBrainz TRM Id',
  MUSICBRAINZ_WORKID: 'MusicBrainz Work Id',
  MUSICIP_PUID: 'MusicIP PUID',
  RELEASECOUNTRY: 'MusicBrainz Album Release Country',
  RELEASESTATUS: 'MusicBrainz Album Status',
  RELEASETYPE: 'MusicBrainz Album Type',
  WRITER: 'Writer',
};

/** People in other roles: field to the role's name in TIPL (2.4) or IPLS (2.3). */
export const roles: Readonly<Record<string, string>> = {
  ARRANGER: 'arranger',
  DJMIXER: 'DJ-mix',
  ENGINEER: 'engineer',
  MIXER: 'mix',
  PRODUCER: 'producer',
};
