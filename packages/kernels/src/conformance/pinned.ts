import type { Hash } from '@reckon/protocol/base/ids';

/**
 * SHA-256 of each case's reference, by kernel and case: an exact result with this digest needs no reference to be known as
 * right. A test computes every reference and compares; `node packages/kernels/scripts/pin-conformance.ts` writes this table.
 */
const PINNED: Readonly<Record<string, Readonly<Record<string, Hash>>>> = {
  'matmul-i8@1.1.0': {
    '1 × 1 × 1': '0x43c9550c1991c13a028b68c23f0215f207a0d167186a11c778a88b9eb0cea1ff',
    '3 × 5 × 7': '0x7e3f3ac7299ee1701dedbfb2508213a4484947c1b4c1b6d2ab35d1a6b4d2e3ef',
    '1 × 257 × 3': '0x5bb26a638600ea0ed0cda773c7f78b4aad9a7e417937ca274365c8e7ed11877e',
    '17 × 31 × 13': '0xcdbf0ddb27dcab737639bad45ad13ea67c8f4ba427ffa3a33383e46995d7ab78',
    '64 × 64 × 64': '0x4b01f85bbae5b2a065c56def2508b9f4d4fa0409fee8d57b9546c39deb530486',
    '97 × 101 × 89': '0xe833b34758898bb7598bcadc23bc9b20b9a1e4433b902294a14475888cb731f3',
    '130 × 67 × 129': '0xfaddce1bb6209d4d6b08960bb405bc281a72c6a062889dc2e6110dcb6c3152f9',
    'B in 7 bits, 37 × 131 × 41': '0x14eed25f23b20821f67c309aaa3becccf9df6010defad902118856fb5790f06e',
    'B around 0, 37 × 137 × 41': '0x7754a5034b978c0cb336cad12808d6d71d34307a762d40b4c60b69cfc40074d5',
    'A in 7 bits, 41 × 139 × 37': '0xe8161c76f2bb204db590f426af8aec96a8fbeaa6a9726da242c22146df6d18fe',
    'A around 0, 41 × 149 × 37': '0x5fd5b841f1e800c3525d53b56dc54b4adcc66ebb94189493c0e8ea977e384a64',
    '−128 only, 9 × 1021 × 11': '0x9efc30362fab0a28d46f97061dbda6126632be41d2c40e5b92f54d3c21d6d46d',
    '−128 and 127, 33 × 65 × 31': '0x9ea16067e986906256022af8c6f40d92a0ef9daaa0357a724735b6c812086dd7',
  },
  'monte-carlo@1.0.0': {
    'π by Philox': '0x203e2b9ba8089ebfd617bac7abf53cdb9bdc4a1e790296e98bac16c9486e8723',
    'π by Philox, last stream': '0x546c53f75b0917fa020e949a50e47528aaba428217b3ed2f20398a4dfdc335de',
    'European call by Philox': '0x9d02eb5d729790a705c11637943f8346fc4736d2450fe364e1acda5014a3a8a3',
    'European put by Philox, far from the money': '0xd1ff40be4a69590418bfec2178bb4621fa9429032f664a33fbbfda447e524766',
    'Asian call by Philox': '0x06ddc8d497816e0d0f0e3a948f63e8f9c42eaf90c51c12dc1d626cfe4c2d33e9',
    'π by Threefry': '0xa4256fd5aa40b4aa63cd0f6c50b8ae328f2a29639187b438442945f0f3fc0246',
    'π by Threefry, last stream': '0xdd41c9ff96f2c1cb1544b1b832273b4fc7da82590b4ceb0cff32052d245da947',
    'European call by Threefry': '0xc948a5f75687610f5b4f4eb32d72c3567990b2842c5123d04a9824b23c3e3cb1',
    'European put by Threefry, far from the money':
      '0x26cfc56f915018f7afb86e56a2015cb485ed3129303d222ef75d0571e3184ed2',
    'Asian call by Threefry': '0xff995c69e2727bae618092006ae955291c4134c9d6fa8edd8a7a49794e66d0aa',
  },
  'hash-search@1.0.0': {
    'no prefix': '0x78b37d2c765afb12ff3fa2f480abe8514cfa4885a8dcb8539817f6f7876c5108',
    'a short prefix': '0x398acdae87398b81e6fd1e8745769596f941ad9a15c5c2f877a7668e80e8f6e7',
    '47 bytes of prefix': '0xb73c83e55c6f550e5cf4b2e745e3af639d70552cd8f806e332800dfdb6a0654e',
    'across 2³²': '0x9500f9fdee6715dcb8a284688b9de1b441e89a07adef6c4304ca39c2f82aeb9f',
    'up to 2⁶⁴': '0x706b4ce9dfa57c7553530befce4297c0d0bf751c86a9243cf238ddb62c65eee5',
    'one counter': '0x709fcb57dc2d6920cb58ec7bd91da8cb10b50c44a49f31951e6687794c13af07',
  },
  'mandelbrot@1.0.0': {
    'the whole set': '0x33fbd917ef6054c34aafd59b953908bf13d4d8124ed6f3fa59b07181d20247ab',
    'seahorse valley': '0xef5184c7fc033600ae1f2ed10bf05a3183d689b165f556b21592a542bf472ddb',
    'deeper than float32': '0x2f1ffd06c062aa7a8a533e853e95fdbb495472d98bd7e30c4b3db46392a8abda',
  },
  'render@1.0.0': {
    cornell: '0xca6639ec594ec7f89e912afdaa2f37d076422082a65c1656926d2d8f47030b7b',
    spheres: '0x79d0f09f46316dcd425e854faf35e1546a4afb23ca41458b84d5929d311757a3',
    gallery: '0xd4264eb433294c3346f4d6b91cea86493fc7f156414d385f26c765a2f9b17926',
  },
  'custom-wasm@1.0.0': {
    'floats that a wrong rounding would scatter, and NaN':
      '0xf3bf97068a639707d327d2f259199815e4fb5e04854df12413fc47d0c6512c5d',
  },
  'matmul-f32@1.0.0': {
    '1 × 4096 × 3': '0x3999f38793b8b400d71751a3608cb4ac2f0cb7b6a0e9370848ea41e01f8cdbae',
    '1 × 4096 × 3, not relaxed': '0xc278d40c80693cfa851ee587b3e73e727b088242c241b53facd07abd833eb1f7',
    '17 × 31 × 13': '0x6dc2652d5b864c5a27cfce4b2f24fbf1341b3565b7325c52cd005e0fb20b5070',
    '17 × 31 × 13, not relaxed': '0x348773bc5da061c360d4a748c672ae1b9a875c5f047aa5e040b3d081cc0d7bcb',
    '64 × 64 × 64': '0xcf9e66b643f0202cb1e255fb4ce00722cabb84edd4a986435645b6041a6d57d5',
    '64 × 64 × 64, not relaxed': '0xf6a9b5e47ca98bc3335e6a3fecb1abdcc5f259e0aefe4ef9e985b615dbb44def',
    '97 × 1021 × 89': '0xa9a7ae0b1837318ed451c5c91668a8ed873dc2bb02c0ca26fba38007fe4fa597',
    '97 × 1021 × 89, not relaxed': '0x060814d9225fbbc6d7e957b32a6ee200e50068877b6b865fe8cf2c00e1cec8ce',
  },
  'n-body@1.0.0': {
    'two bodies': '0xfc42191a111a1ece53728a86ba020a47015eea3b1a608aacd362c4459cf62ca0',
    '257 bodies': '0x944bae4be911aca5111807589ddb183853d2c8c71f986bc23def009c393d5a1f',
    '1,021 bodies on 67, close by': '0xa50915aaf7443e7c709e7334b75967032684dc710db2ee5ad6808c60f652e9be',
  },
  'custom-wgsl@1.0.0': {
    'whole numbers': '0x5d8e27651a65bf94fdd5a16a83cb0102df501c311ded15c482a55d3e179a8e4a',
    'square roots, sines and exponentials': '0xaf3114c2e24f4f23a6a1f5504283f57a3a3bec7ec6434f6f6b5098313e066cac',
  },
  'onnx@1.1.0': {
    'two dense layers': '0x021a6c9a3de8c0ce5698a9eba691adef308a6a2e3d00342e00cd95b941c865e4',
    'a convolution': '0x05aa5b0b72c77a20154f41bcda1184959cf26ed5c3f9964f00694b984dc13511',
  },
};

/** Under what the plain build's bytes of a float case are pinned. */
export const plainName = (name: string): string => `${name}, not relaxed`;

/** @throws {RangeError} for a case that was never pinned: a mistake of ours, which a test finds. */
export function pinnedDigest(kernel: string, name: string): Hash {
  const digest = PINNED[kernel]?.[name];
  if (digest === undefined) throw new RangeError(`case "${name}" of ${kernel} has no pinned digest`);
  return digest;
}
