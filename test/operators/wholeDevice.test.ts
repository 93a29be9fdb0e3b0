import type { Device } from '../../nodes/OpenGateway/device';
import { operators, type ApiDialect, type Operator } from '../../nodes/OpenGateway/operators';
import * as identifiers from '../support/identifiers';
import { outcomeOf, refusedWith } from '../properties/property';

const dialects = Object.values<Operator>(operators).flatMap(({ displayName, apis }) =>
	Object.entries<ApiDialect>(apis).map(
		([api, dialect]) => [`${displayName}, ${api}`, dialect] as const,
	),
);

/** The parts of an identifier, one value each. */
const partsOf = (device: Device): unknown[] =>
	Object.values('ipv4Address' in device ? device.ipv4Address : device);

test.each(dialects)('a request names the whole device or is refused: %s', (_name, dialect) => {
	const named = Object.values<Device>(identifiers).filter((device) => {
		const outcome = outcomeOf(() =>
			dialect.request('https://api.example.com', device, 'application'),
		);
		if (!('value' in outcome)) {
			expect(refusedWith(outcome, 'UNSUPPORTED_DEVICE')).toBe(true);
			return false;
		}
		const written = JSON.stringify(outcome.value);
		for (const part of partsOf(device)) expect(written).toContain(JSON.stringify(part));
		return true;
	});
	expect(named).toContain(identifiers.phone);
});
