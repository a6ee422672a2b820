import './lock-down-now.ts';
import { loadGuestKernel } from '../guest-registry.ts';
import { askForAssets } from './assets.ts';
import { serveKernels } from './serve.ts';
import { scopeSide } from './worker-scope.ts';
// Loaded by name at run time elsewhere; here, so that a build makes one file of all: a guest's worker can load no other.
import '../kernels/onnx/ort-browser.ts';
import 'onnx-proto';

/** Entry of a browser's worker for guests; spawned by `worker-browser.ts`, served with `GUEST_POLICY`. */
serveKernels(askForAssets(scopeSide()), loadGuestKernel, 'guest');
