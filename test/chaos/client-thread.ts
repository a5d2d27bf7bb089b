// The thread of the tunnels as in the app, with a clock that can be set.
import '../../main/core/ssh/thread/worker.ts';
import { settableClock, usage, usageAsked } from './inside.ts';

settableClock();
usageAsked(usage);
