// Runs sharp for bench/imaging_sharp.py: one JSON request a line in, one answer a line out.
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import sharp from "sharp";

// A result that was computed before must be computed again.
sharp.cache(false);

const encode = (picture, job) => picture[job.format](job.options).toBuffer();
// A width that the picture does not have is left out by the caller, so nothing is enlarged.
const arrangements = {
  // Every size decodes the file for itself, with libjpeg's own shrinking where that fits.
  own: (file, job) => Promise.all(job.widths.map((w) => encode(sharp(file).resize(w), job))),
  // One input, cloned for every size.
  clone: (file, job) => {
    const input = sharp(file);
    return Promise.all(job.widths.map((w) => encode(input.clone().resize(w), job)));
  },
  // One decode; every size from the next larger, encoded while the next is made.
  chain: async (file, job) => {
    let [from, options] = [file, {}];
    const encoded = [];
    for (const width of job.widths) {
      const { data, info } = await sharp(from, options)
        .resize(width)
        .raw()
        .toBuffer({ resolveWithObject: true });
      [from, options] = [data, { raw: { width: info.width, height: info.height, channels: info.channels } }];
      encoded.push(encode(sharp(from, options), job));
    }
    return Promise.all(encoded);
  },
};

async function run(job) {
  sharp.concurrency(job.concurrency);
  const file = readFileSync(job.file);
  const make = () => arrangements[job.arrangement](file, job);
  if (job.save) {
    (await make()).forEach((bytes, i) => writeFileSync(`${job.save}/${job.widths[i]}`, bytes));
  }
  let left = job.count;
  const caller = async () => {
    while (left-- > 0) await make();
  };
  const [start, used] = [process.hrtime.bigint(), process.cpuUsage()];
  await Promise.all(Array.from({ length: job.callers }, caller));
  const wall = Number(process.hrtime.bigint() - start) / 1e6;
  const { user, system } = process.cpuUsage(used);
  return { wall_ms: wall, cpu_ms: (user + system) / 1e3 };
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await run(JSON.parse(line))));
}
