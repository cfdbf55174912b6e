import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { rate } from '../format/rate';
import { clock } from '../format/time';

export interface Line {
  source: string;
  /** Class of the source's colour. */
  colour: string;
  values: readonly (number | null)[];
}

const LABEL_WIDTH = 116;
const LABEL_HEIGHT = 16;

/** The lines, each with its name at its end. */
export default function RateLines({ timesS, lines }: { timesS: readonly number[]; lines: readonly Line[] }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const shape = lines.map((line) => `${line.source}=${line.colour}`).join();
  const data = [timesS, ...lines.map((line) => line.values)] as uPlot.AlignedData;
  const latest = useRef(data);
  latest.current = data;

  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const draw = () => {
      plot.current?.destroy();
      plot.current = new uPlot(options(element, lines), latest.current, element);
    };
    draw();
    const size = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: element.clientHeight }));
    size.observe(element);
    // Colours are read once per drawing: another theme is another drawing.
    const theme = new MutationObserver(draw);
    theme.observe(document.documentElement, { attributeFilter: ['data-theme', 'data-live'] });
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', draw);
    return () => {
      size.disconnect();
      theme.disconnect();
      scheme.removeEventListener('change', draw);
      plot.current?.destroy();
      plot.current = null;
    };
    // Only another set of lines is another chart; new values go in below.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [shape]);

  useEffect(() => plot.current?.setData(latest.current), [timesS]);

  return <div className="chart-box" ref={box} />;
}

function options(element: HTMLElement, lines: readonly Line[]): uPlot.Options {
  const css = getComputedStyle(element);
  const token = (name: string) => css.getPropertyValue(name).trim();
  const text = token('--text');
  const faint = token('--text-3');
  const grid = { stroke: token('--line'), width: 1 };
  const font = `12px ${token('--sans')}`;
  const colours = lines.map((line) => token(`--${line.colour}`));
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    padding: [8, LABEL_WIDTH, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: { x: { time: true }, y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] } },
    axes: [
      { stroke: faint, font, grid: { show: false }, ticks: { show: false }, size: 24, space: 96, incrs: [1, 2, 5, 10, 30, 60, 120, 300], values: (_, splits) => splits.map((s) => clock(s * 1_000)) },
      { stroke: faint, font, grid, ticks: { show: false }, size: 44, space: 36, values: (_, splits) => splits.map((n) => rate(n)) },
    ],
    series: [
      {},
      ...lines.map((line, i) => ({ label: line.source, stroke: colours[i]!, width: 1.75, points: { show: false } })),
    ],
    // The labels follow the cursor; the lines are not drawn anew for it.
    hooks: { draw: [(u) => labels(u, lines, colours, text, font)], setCursor: [(u) => u.redraw(false, false)] },
  };
}

/** Names and values at the right: of now, or of the time under the cursor. Those that would touch are pushed apart. */
function labels(u: uPlot, lines: readonly Line[], colours: readonly string[], text: string, font: string) {
  const ratio = devicePixelRatio;
  const at = u.cursor.idx ?? u.data[0].length - 1;
  const placed = lines
    .map((line, i) => ({ line, i, value: u.data[i + 1]?.[at] ?? null }))
    .filter((one): one is { line: Line; i: number; value: number } => one.value !== null)
    .map((one) => ({ ...one, y: u.valToPos(one.value, 'y', true) }))
    .sort((a, b) => a.y - b.y || a.i - b.i);
  const bottom = u.bbox.top + u.bbox.height - 4 * ratio;
  const step = LABEL_HEIGHT * ratio;
  placed.forEach((one, k) => {
    one.y = Math.max(one.y, k === 0 ? u.bbox.top : placed[k - 1]!.y + step);
  });
  for (let k = placed.length - 1; k >= 0; k--) {
    const limit = k === placed.length - 1 ? bottom : placed[k + 1]!.y - step;
    placed[k]!.y = Math.min(placed[k]!.y, limit);
  }
  const { ctx } = u;
  const left = u.bbox.left + u.bbox.width + 8 * ratio;
  ctx.save();
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  for (const { line, i, value, y } of placed) {
    ctx.fillStyle = colours[i]!;
    ctx.fillRect(left, y - ratio, 10 * ratio, 2 * ratio);
    ctx.fillStyle = text;
    ctx.font = font.replace('12px', `${12 * ratio}px`);
    ctx.fillText(`${line.source} ${rate(value)}/s`, left + 14 * ratio, y);
  }
  ctx.restore();
}
