#!/usr/bin/env node
// Stands in the repository, not in dist/: npm links a command only when its file exists at the time of installation.
import '../dist/main.js';
