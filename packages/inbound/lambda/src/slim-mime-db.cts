/**
 * Stands in for the `mime-db` package in bundles: the types that APIs and web pages use, of some 2,500. Reading all of
 * them is half of the cold start of an Express app. CommonJS, because the package is: it is the object of its types.
 *
 * A line: type, source (iana, apache, nginx or none), compressible (+, -, ? for unknown), charset, extensions. Made from
 * mime-db 1.54.0 (MIT).
 */
const TYPES = `
  application/atom+xml i + - atom
  application/epub+zip i - - epub
  application/geo+json i + - geojson
  application/gzip i - - gz
  application/java-archive i - - jar war ear
  application/javascript a + UTF-8 js
  application/json i + UTF-8 json map
  application/json-patch+json i + -
  application/jwt i ? -
  application/ld+json i + - jsonld
  application/manifest+json i + UTF-8 webmanifest
  application/merge-patch+json i + -
  application/msword i - - doc dot
  application/node i ? - cjs
  application/octet-stream i + - bin dms lrf mar so dist distz pkg bpk dump elc deploy exe dll deb dmg iso img msi msp msm buffer
  application/pdf i - - pdf
  application/postscript i + - ai eps ps
  application/problem+json i + -
  application/rss+xml a + - rss
  application/rtf i + - rtf
  application/sql i ? - sql
  application/toml i + - toml
  application/vnd.android.package-archive a - - apk
  application/vnd.api+json i + -
  application/vnd.ms-excel i - - xls xlm xla xlc xlt xlw
  application/vnd.ms-fontobject i + - eot
  application/vnd.ms-powerpoint i - - ppt pps pot
  application/vnd.oasis.opendocument.presentation i - - odp
  application/vnd.oasis.opendocument.spreadsheet i - - ods
  application/vnd.oasis.opendocument.text i - - odt
  application/vnd.openxmlformats-officedocument.presentationml.presentation i - - pptx
  application/vnd.openxmlformats-officedocument.spreadsheetml.sheet i - - xlsx
  application/vnd.openxmlformats-officedocument.wordprocessingml.document i - - docx
  application/vnd.rar i ? - rar
  application/wasm i + - wasm
  application/x-7z-compressed a - - 7z
  application/x-bzip2 a - - bz2 boz
  application/x-msdos-program - ? - exe
  application/x-sh a + - sh
  application/x-tar a + - tar
  application/x-www-form-urlencoded i + -
  application/xhtml+xml i + - xhtml xht
  application/xml i + - xml xsl xsd rng
  application/zip i - - zip
  audio/mp4 i - - m4a mp4a m4b
  audio/mpeg i - - mpga mp2 mp2a mp3 m2a m3a
  audio/ogg i - - oga ogg spx opus
  audio/wav - - - wav
  audio/webm a - - weba
  audio/x-flac a ? - flac
  font/otf i + - otf
  font/ttf i + - ttf
  font/woff i ? - woff
  font/woff2 i ? - woff2
  image/avif i - - avif
  image/bmp i + - bmp dib
  image/gif i - - gif
  image/heic i ? - heic
  image/heif i ? - heif
  image/jpeg i - - jpg jpeg jpe
  image/png i - - png
  image/svg+xml i + - svg svgz
  image/tiff i - - tif tiff
  image/vnd.microsoft.icon i + - ico
  image/webp i ? - webp
  message/rfc822 i + - eml mime mht mhtml
  multipart/form-data i - -
  text/cache-manifest i + - appcache manifest
  text/calendar i ? - ics ifb
  text/css i + UTF-8 css
  text/csv i + - csv
  text/html i + - html htm shtml
  text/javascript i + UTF-8 js mjs
  text/markdown i + - md markdown
  text/plain i + - txt text conf def list log in ini
  text/tab-separated-values i + - tsv
  text/x-markdown - + - mkd
  text/x-vcard a ? - vcf
  text/yaml - + - yaml yml
  video/mp4 i - - mp4 mp4v mpg4
  video/ogg i - - ogv
  video/quicktime i - - qt mov
  video/webm a - - webm
  video/x-m4v a ? - m4v
  video/x-msvideo a ? - avi
`;

interface MimeType {
  source?: string;
  compressible?: boolean;
  charset?: string;
  extensions?: string[];
}

const SOURCES: Readonly<Record<string, string>> = { i: 'iana', a: 'apache', n: 'nginx' };

function parse(line: string): [string, MimeType] {
  const [type = '', source = '', compressible, charset, ...extensions] = line.trim().split(' ');
  const known: MimeType = {};
  const from = SOURCES[source];
  if (from !== undefined) known.source = from;
  if (compressible !== '?') known.compressible = compressible === '+';
  if (charset !== undefined && charset !== '-') known.charset = charset;
  if (extensions.length > 0) known.extensions = extensions;
  return [type, known];
}

const types = Object.fromEntries(TYPES.trim().split('\n').map(parse));

export = types;
