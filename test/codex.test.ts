import codex from '../nodes/OpenGateway/OpenGatewayDeviceStatus.node.json';
import { operators } from '../nodes/OpenGateway/operators';

/** Whether n8n's nodes panel finds the node: the letters occur in one alias, in their order. */
function isFound(words: string): boolean {
	const letters = [...words.toLowerCase()];
	return codex.alias.some((alias) => {
		const rest = [...alias.toLowerCase()];
		return letters.every((letter) => {
			const at = rest.indexOf(letter);
			rest.splice(0, at + 1);
			return at >= 0;
		});
	});
}

const withoutAccents = (words: string) => words.normalize('NFD').replace(/\p{Diacritic}/gu, '');

test.each(Object.values(operators).map(({ displayName }) => displayName))(
	'the nodes panel finds the node by the operator’s name as the form shows it: %s',
	(name) => {
		expect(isFound(name)).toBe(true);
		expect(isFound(withoutAccents(name))).toBe(true);
	},
);

test.each([
	...['telefonica', 'Telefónica', 'nokia', 'network as code', 'orange', 'vodafone'],
	...['phone abroad', 'phone number', 'is roaming', 'open gateway', 'travel', 'camara'],
])('the nodes panel finds the node by %s', (words) => {
	expect(isFound(words)).toBe(true);
});

test('the nodes panel does not find the node by anything', () => {
	expect(isFound('spreadsheet')).toBe(false);
});
