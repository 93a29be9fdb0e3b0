let block = 10;

/** Phone numbers that no other call of one test file gives, of lines that all get an answer. */
export function devices(count: number): { phoneNumber: string }[] {
	block++;
	return Array.from({ length: count }, (_, index) => ({
		phoneNumber: `+3460${block}${String(index).padStart(4, '0')}${[1, 2, 3, 6][index % 4]}`,
	}));
}
