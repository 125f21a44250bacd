#!/usr/bin/env node
import { start } from './start.js';
import { workerArguments } from './worker-arguments.js';

await start(workerArguments(process.argv.slice(2)));
