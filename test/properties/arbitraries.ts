import fc from 'fast-check';

/** UTF-16 code units, in pairs or alone. */
const halfCharacters = fc.string({
	unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
});

/** Text as nobody should send it. */
export const text: fc.Arbitrary<string> = fc.oneof(
	fc.string({ unit: 'grapheme' }),
	fc.string({ unit: 'binary' }),
	halfCharacters,
	fc.string({ maxLength: 2000, size: 'max' }),
);

/** Objects that cannot be converted to text. */
const withoutText = fc.constantFrom('toString', 'valueOf').map((name) => ({
	toString: null,
	valueOf: null,
	[name]: 'x',
}));

/** Whatever an expression can give. */
export const anything: fc.Arbitrary<unknown> = fc.oneof(
	fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withMap: true }),
	text,
	withoutText,
);

/** Whatever can come as JSON. */
export const json: fc.Arbitrary<unknown> = fc.oneof(
	fc.jsonValue(),
	withoutText,
	fc.dictionary(fc.string(), withoutText),
);

/** HTTP statuses that a server may answer with, the usual ones more often. */
export const status: fc.Arbitrary<number> = fc.oneof(
	fc.constantFrom(200, 200, 400, 401, 403, 404, 422, 429, 500, 503),
	fc.integer({ min: 200, max: 599 }),
);

/** Text with one of the fillings behind each of its characters. */
export function interspersed(
	characters: fc.Arbitrary<string>,
	fillings: fc.Arbitrary<string>,
): fc.Arbitrary<string> {
	return characters.chain((whole) =>
		fc
			.array(fillings, { minLength: whole.length, maxLength: whole.length })
			.map((between) => [...whole].map((one, at) => one + (between[at] ?? '')).join('')),
	);
}
