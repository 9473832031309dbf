import protobuf from 'protobufjs/minimal.js';

/**
 * One field of a protobuf message as it lies in the file. `raw` is the whole field with its tag, so that a message
 * whose fields are written one after the other is the same bytes, fields that nobody knows included.
 */
export interface Field {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes. */
  readonly wire: number;
  readonly raw: Uint8Array;
  /** The content: without the tag and, where it is length-delimited, without the length. */
  readonly value: Uint8Array;
}

/**
 * The fields of a message, in their order; nothing is copied.
 * @throws Error where the bytes are no protobuf message
 */
export function readFields(message: Uint8Array): Field[] {
  const reader = protobuf.Reader.create(message);
  const fields: Field[] = [];
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.uint32();
    const wire = tag & 7;
    const length = wire === 2 ? reader.uint32() : null;
    const from = reader.pos;
    if (length === null) reader.skipType(wire);
    else reader.skip(length);
    fields.push({
      number: tag >>> 3,
      wire,
      raw: message.subarray(start, reader.pos),
      value: message.subarray(from, reader.pos),
    });
  }
  return fields;
}

/** The bytes of all parts, one after the other, in memory of their own. */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A length-delimited field: a message, bytes or packed numbers. */
export function bytesField(number: number, content: Uint8Array): Uint8Array {
  const head = protobuf.Writer.create().uint32((number << 3) | 2);
  return concatenate([head.uint32(content.length).finish(), content]);
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A length-delimited field that holds a text in UTF-8. */
export function textField(number: number, text: string): Uint8Array {
  return bytesField(number, encoder.encode(text));
}

/** A varint field. */
export function integerField(number: number, value: number): Uint8Array {
  return protobuf.Writer.create()
    .uint32(number << 3)
    .int64(value)
    .finish();
}

/** A field of four bytes that holds a float32. */
export function floatField(number: number, value: number): Uint8Array {
  return protobuf.Writer.create()
    .uint32((number << 3) | 5)
    .float(value)
    .finish();
}

/** A field's content as UTF-8. */
export function textOf(field: Field): string {
  return decoder.decode(field.value);
}

/** A varint field's content, as a number. */
export function integerOf(field: Field): number {
  return Number(protobuf.Reader.create(field.value).int64());
}

/** Integers of a repeated field, packed or not. */
export function integersOf(fields: readonly Field[]): number[] {
  return fields.flatMap((field) => {
    if (field.wire !== 2) return [integerOf(field)];
    const reader = protobuf.Reader.create(field.value);
    const values: number[] = [];
    while (reader.pos < reader.len) values.push(Number(reader.int64()));
    return values;
  });
}

/** Floats of a repeated field, packed or not. */
export function floatsOf(fields: readonly Field[]): Float32Array {
  const bytes = concatenate(fields.map(({ value }) => value));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}
