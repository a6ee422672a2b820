// What a program may ask of Reckon, for AssemblyScript. Keep it beside your program and name it reckon.ts: the file's name
// is the name that these functions are imported from.

/** Number of this unit, from 0. */
export declare function unit_index(): i32;
/** How many units the job has. */
export declare function unit_count(): i32;

/** Bytes of the job's parameters: JSON, in UTF-8. */
export declare function params_size(): i32;
/** Copies the parameters into memory. */
export declare function params_read(to: usize): void;

/** Bytes of an input: 0 is the unit's own data, 1 the table that all units share. 0 where there is none. */
export declare function input_size(input: i32): i32;
/** Copies `length` bytes of an input, from `offset` on, into memory. */
export declare function input_read(input: i32, to: usize, offset: i32, length: i32): void;

/** Appends bytes of memory to the unit's result. */
export declare function output_write(from: usize, length: i32): void;
/** Tells how far the work is, from 0 to 1. */
export declare function progress(fraction: f64): void;
