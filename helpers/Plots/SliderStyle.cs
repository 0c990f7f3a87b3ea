#nullable enable annotations

/// <summary>The style of the pictures' sliders, which have the colour of the text on any background.</summary>
public static class SliderStyle
{
    /// <summary>Returns the style rules for the sliders inside the elements that match a selector.</summary>
    public static string Within(string selector) => $$"""
        {{selector}} input { appearance: none; color: inherit; width: 12em; height: 1.2em; margin: 0 .6em; vertical-align: middle; background: linear-gradient(currentColor, currentColor) center / 100% 2px no-repeat; }
        {{selector}} input::-webkit-slider-thumb { appearance: none; width: 1em; height: 1em; border-radius: 50%; background: currentColor; }
        {{selector}} input::-moz-range-thumb { width: 1em; height: 1em; border: 0; border-radius: 50%; background: currentColor; }
        {{selector}} input:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
        """;
}
