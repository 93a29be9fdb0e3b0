import { PassThrough, pipeline, Readable } from 'node:stream';
import { createGunzip, gzipSync } from 'node:zlib';
import { BodyTooLong, MAX_BODY_LENGTH, readBody } from '../../nodes/OpenGateway/transport/body';

const never = new AbortController().signal;

test('a body is read to its end, whatever pieces it comes in', async () => {
	const bytes = Buffer.from('{"name":"Ñandú 😀"}');
	const pieces = [...bytes].map((byte) => Buffer.of(byte));
	expect(await readBody(Readable.from(pieces), 200, never)).toBe('{"name":"Ñandú 😀"}');
	expect(await readBody(Readable.from([]), 200, never)).toBe('');
});

test.each(['text', '', undefined, { roaming: true }, null])(
	'a body that is no stream stays as it is: %j',
	async (body) => {
		expect(await readBody(body, 200, never)).toBe(body);
	},
);

test('a body of the greatest length is read, and one of a byte more is not', async () => {
	const body = (length: number) => Readable.from([Buffer.alloc(length - 1, 'a'), Buffer.of(97)]);
	expect(await readBody(body(MAX_BODY_LENGTH), 200, never)).toHaveLength(MAX_BODY_LENGTH);
	await expect(readBody(body(MAX_BODY_LENGTH + 1), 404, never)).rejects.toMatchObject({
		status: 404,
	});
});

test('no more of a body is unpacked than is read', async () => {
	const member = gzipSync(Buffer.alloc(1e6));
	let given = 0;
	const packed = Readable.from(
		(function* () {
			for (; given < 1000; given++) yield member;
		})(),
	);
	const unpacked = pipeline(packed, createGunzip(), () => undefined);
	await expect(readBody(unpacked, 200, never)).rejects.toBeInstanceOf(BodyTooLong);
	expect(unpacked.destroyed).toBe(true);
	expect(given).toBeLessThan(100);
});

test('a body that does not end is read until the signal aborts', async () => {
	const run = new AbortController();
	const body = new PassThrough();
	body.write('{"roaming":');
	const read = readBody(body, 200, run.signal);
	setImmediate(() => run.abort());
	await expect(read).rejects.toThrow();
	expect(body.destroyed).toBe(true);
});

test('a body that comes after the signal has aborted is not read', async () => {
	const body = new PassThrough();
	body.write('{"roaming":');
	await expect(readBody(body, 200, AbortSignal.abort())).rejects.toThrow();
	expect(body.destroyed).toBe(true);
});

test('a body whose connection breaks off is an error', async () => {
	const body = new PassThrough();
	body.write('{"roaming":');
	const read = readBody(body, 200, never);
	setImmediate(() => body.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' })));
	await expect(read).rejects.toMatchObject({ code: 'ECONNRESET' });
});
