import { Duplicates } from '../../nodes/OpenGateway/triggers/byEvents/duplicates';

const NODE = 'node';
const event = (id: number) => [['https://operator.example.com', String(id)]];

test('an event is a duplicate from the second time on', () => {
	const duplicates = new Duplicates();
	expect(duplicates.note(NODE, event(1))).toBeDefined();
	expect(duplicates.note(NODE, event(1))).toBeUndefined();
	expect(duplicates.note(NODE, event(1))).toBeUndefined();
	expect(duplicates.note(NODE, event(2))).toBeDefined();
});

test('the same event at two nodes is no duplicate', () => {
	const duplicates = new Duplicates();
	expect(duplicates.note('one', event(1))).toBeDefined();
	expect(duplicates.note('another', event(1))).toBeDefined();
});

test('an event of two names is a duplicate by either', () => {
	const duplicates = new Duplicates();
	expect(duplicates.note(NODE, [['source', '1'], ['happening']])).toBeDefined();
	expect(duplicates.note(NODE, [['source', '2'], ['happening']])).toBeUndefined();
	expect(duplicates.note(NODE, [['source', '1'], ['another']])).toBeUndefined();
	// What was a duplicate was not noted.
	expect(duplicates.note(NODE, [['source', '2'], ['another']])).toBeDefined();
});

test('names are not taken for one another by where they are divided', () => {
	const duplicates = new Duplicates();
	expect(duplicates.note(NODE, [['a', 'b,c']])).toBeDefined();
	expect(duplicates.note(NODE, [['a,b', 'c']])).toBeDefined();
});

test('what is stored outlasts the process: the latest 100 digests, of which none is long', () => {
	const earlier = new Duplicates();
	const noted = Array.from({ length: 150 }, (_, id) => earlier.note(NODE, event(id)));
	const { stored } = noted.at(-1)!;
	expect(stored).toHaveLength(100);
	expect(JSON.stringify(stored).length).toBeLessThan(1500);
	const later = new Duplicates();
	expect(later.note(NODE, event(149), stored)).toBeUndefined();
	expect(later.note(NODE, event(50), stored)).toBeUndefined();
	expect(later.note(NODE, event(49), stored)).toBeDefined();
});

test('a request whose copy lacks the events of others stores them, too', () => {
	const duplicates = new Duplicates();
	const { stored: before } = duplicates.note(NODE, event(0))!;
	const requests = Array.from({ length: 50 }, (_, id) =>
		duplicates.note(NODE, event(id + 1), before),
	);
	const later = new Duplicates();
	const { stored } = requests.at(-1)!;
	for (let id = 0; id <= 50; id++) expect(later.note(NODE, event(id), stored)).toBeUndefined();
});

test('an event that was not taken may come again', () => {
	const duplicates = new Duplicates();
	duplicates.note(NODE, event(1))!.forget();
	const again = duplicates.note(NODE, event(1));
	expect(again).toBeDefined();
	expect(again!.stored).toHaveLength(1);
});

test('the oldest are forgotten when there are too many', () => {
	const duplicates = new Duplicates(3);
	for (const id of [1, 2, 3, 4]) duplicates.note(NODE, event(id));
	expect(duplicates.note(NODE, event(2))).toBeUndefined();
	expect(duplicates.note(NODE, event(1))).toBeDefined();
});
