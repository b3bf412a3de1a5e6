/**
 * Lines that somebody has to write: not empty, no comment, and not of an import, which editors write. Lines of brackets count.
 */
export function linesOfCode(source: string): number {
  const withoutComments = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const withoutImports = withoutComments.replace(/^import\s[\s\S]*?;$/gm, '');
  return withoutImports.split('\n').filter((line) => line.trim() !== '').length;
}
