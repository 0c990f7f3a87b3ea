#nullable enable annotations
using System.Collections.Generic;
using System.Linq;
using System.Net;
using static System.FormattableString;

/// <summary>The steps of a graph's passes: lists below the picture, which a script turns into a walk through it.</summary>
/// <remarks>
/// Where scripts run, a slider and two buttons step through a pass. While a step is shown, its operation is highlighted, what is computed
/// later is hidden, and the height of the picture is limited to part of the window, so that the current operation is always visible.
/// </remarks>
public static class GraphWalk
{
    /// <summary>The style rules, for the elements inside <c>.backprop-graph</c>.</summary>
    public static string Style { get; } = $$"""
        <style>
        .backprop-graph { margin: 0; }
        .backprop-graph .backprop-walk { display: flex; flex-wrap: wrap; align-items: center; gap: .2em .5em; font-size: 13px; }
        .backprop-graph :is(select, button) { font: inherit; color: inherit; background: transparent; border: 1px solid; border-radius: 4px; padding: .15em .6em; cursor: pointer; }
        .backprop-graph option { color: #111; background: #fff; }
        .backprop-graph :is(select, button):focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
        {{SliderStyle.Within(".backprop-graph")}}
        .backprop-graph .backprop-rule { display: block; opacity: .75; }
        .backprop-graph .backprop-window { max-height: 62vh; overflow-y: auto; }
        .backprop-graph .backprop-hand rect { stroke-width: 3; stroke-opacity: 1; fill-opacity: .3; }
        .backprop-graph .backprop-hand path { stroke-width: 2.5; stroke-opacity: 1; }
        .backprop-graph .backprop-later { visibility: hidden; }
        .backprop-graph :is(summary, li, p) { font-size: 13px; overflow-wrap: anywhere; }
        .backprop-graph summary { cursor: pointer; margin-top: .5em; }
        .backprop-graph li { margin: .3em 0; }
        .backprop-graph .backprop-line { min-height: 4.4em; margin: .5em 0; font-size: 14px; line-height: 1.4; }
        @media print { .backprop-graph .backprop-walk { display: none; } }
        </style>
        """;

    /// <summary>The script, for all such figures on the page.</summary>
    public const string Script = """
        (() => {
          for (const figure of document.querySelectorAll('.backprop-graph:not([data-walk])')) {
            figure.dataset.walk = '';
            const make = (name, properties) => Object.assign(document.createElement(name), properties);
            const passes = [...figure.querySelectorAll('details')];
            if (passes.length === 0) continue;
            const picture = figure.querySelector('svg');
            const choice = make('select', { ariaLabel: 'pass' });
            passes.forEach(pass => { pass.open = false; choice.append(make('option', { textContent: pass.dataset.pass + ' pass' })); });
            const back = make('button', { type: 'button', textContent: '◀', ariaLabel: 'step back' });
            const on = make('button', { type: 'button', textContent: '▶', ariaLabel: 'next step' });
            const slider = make('input', { type: 'range', min: 0, value: 0, ariaLabel: 'step' });
            const said = make('span');
            const line = make('p', { className: 'backprop-line', ariaLive: 'polite' });
            const show = () => {
              const pass = passes[choice.selectedIndex], steps = [...pass.querySelectorAll('li')], forward = pass.dataset.pass === 'forward';
              slider.max = steps.length;
              const now = +slider.value, step = steps[now - 1];
              said.textContent = step ? `step ${now} of ${steps.length}` : `${steps.length} steps`;
              slider.ariaValueText = said.textContent;
              line.innerHTML = step ? step.innerHTML : 'What comes first? ▶ shows it.';
              for (const part of picture.querySelectorAll('g')) {
                part.classList.toggle('backprop-hand', step ? step.dataset.node === (part.dataset.node ?? part.dataset.from) : false);
                for (const text of part.querySelectorAll('.backprop-value'))
                  text.classList.toggle('backprop-later', forward ? step ? part.dataset.made > now : false : false);
                for (const text of part.querySelectorAll('.backprop-gradient'))
                  text.classList.toggle('backprop-later', step ? forward || part.dataset.arrives > now : false);
              }
              const frame = picture.parentElement;
              frame.classList.toggle('backprop-window', Boolean(step));
              if (step) {
                const box = picture.querySelector('.backprop-node.backprop-hand').getBoundingClientRect(), view = frame.getBoundingClientRect();
                frame.scrollTop += (box.top + box.bottom - view.top - view.bottom) / 2;
                frame.scrollLeft += (box.left + box.right - view.left - view.right) / 2;
              }
            };
            const go = by => { slider.value = +slider.value + by; show(); };
            back.addEventListener('click', () => go(-1));
            on.addEventListener('click', () => go(1));
            slider.addEventListener('input', show);
            choice.addEventListener('change', () => { slider.value = 0; show(); });
            const walk = make('div', { className: 'backprop-walk' });
            // Arrow keys are for the slider, not for the notebook around it.
            walk.dataset.lmSuppressShortcuts = 'true';
            walk.addEventListener('keydown', event => event.stopPropagation());
            walk.append(choice, back, slider, on, said);
            figure.prepend(walk, line);
            show();
          }
        })();
        """;

    /// <summary>Returns a pass as an ordered list; empty if it has no steps.</summary>
    /// <param name="pass">The pass, <c>forward</c> or <c>backward</c>.</param>
    /// <param name="steps">Its steps.</param>
    public static string List(string pass, IReadOnlyList<GraphSteps.PassStep> steps) => steps.Count == 0 ? "" : $"""
        <details open="" data-pass="{pass}"><summary>The {pass} pass, step by step</summary><ol>
        {string.Join('\n', steps.Select(Item))}
        </ol></details>
        """;

    private static string Item(GraphSteps.PassStep step) =>
        Invariant($"<li data-node=\"{step.Node}\">{Text(step.Says)}{(step.Rule.Length > 0 ? $" <span class=\"backprop-rule\">{Text(step.Rule)}</span>" : "")}</li>");

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
