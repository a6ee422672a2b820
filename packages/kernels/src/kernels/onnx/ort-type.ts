/** onnxruntime-web's interface; all its builds share it. */
export type Ort = typeof import('onnxruntime-web/wasm');
