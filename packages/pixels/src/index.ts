/** Everything of the package. Each module has an entry of its own (`reference-pixels/geometry`): only `decode`, `encode` and `versions` load sharp. */
export { decode, decoders, type Decoder } from './decode.js';
export { encodeCrop } from './encode.js';
export { FaultError, ImageError, type Fault } from './errors.js';
export { planGeometry, type Geometry } from './geometry.js';
export { readHeader, type Header } from './header.js';
export { prepare } from './prepare.js';
export {
  channelOrders,
  cropOffsets,
  decodeNames,
  filterNames,
  pixelRanges,
  roundings,
  tensorDtypes,
  tensorLayouts,
  type Box,
  type CropRule,
  type DecodeName,
  type FilterName,
  type NormalizeStep,
  type Operand,
  type PixelBlock,
  type Recipe,
  type ResizeRule,
  type RgbImage,
  type Size,
  type TensorSpec,
} from './recipe.js';
export { describeTensor, writeTensor, type TensorData, type TensorSummary } from './tensor.js';
export { pixelVersions, type PixelVersions } from './versions.js';
