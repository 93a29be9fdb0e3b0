import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorsPage } from '../scripts/errorsPage';

test('docs/errors.md is what the tables of the code generate', () => {
	const file = join(__dirname, '..', 'docs', 'errors.md');
	const page = errorsPage();
	if (process.env.UPDATE_DOCS) writeFileSync(file, page);

	expect(readFileSync(file, 'utf8')).toBe(page);
});
