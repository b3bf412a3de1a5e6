import { runDevChild } from './child-process.js';

const [file = '', source = ''] = process.argv.slice(2);
runDevChild({ file, source });
