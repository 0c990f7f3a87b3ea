using System.Net;
using System.Text;

namespace Backprop.Runner.Reports;

/// <summary>
/// Converts the TeX formulas of notebooks to MathML, which browsers render without scripts or a network.
/// </summary>
/// <remarks>
/// Supports letters, numbers, operators, groups, subscripts and superscripts, fractions, roots, upright text, accents and
/// the commands listed below. A formula with any other command is shown as TeX.
/// MathML Core: https://www.w3.org/TR/mathml-core/.
/// </remarks>
internal sealed class TexMath
{
    private static readonly Dictionary<string, string> Identifiers = Pairs(
        """
        alpha α beta β gamma γ delta δ epsilon ε varepsilon ε eta η theta θ lambda λ mu μ pi π rho ρ sigma σ tau τ
        phi φ omega ω Delta Δ Sigma Σ Omega Ω partial ∂ infty ∞ ell ℓ exp exp log log ln ln max max min min sin sin
        cos cos tanh tanh
        """);

    private static readonly Dictionary<string, string> Operators = Pairs(
        """
        cdot ⋅ times × div ÷ pm ± le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ approx ≈ sim ∼ to → rightarrow → leftarrow ←
        Rightarrow ⇒ mapsto ↦ in ∈ sum ∑ prod ∏ int ∫ nabla ∇ top ⊤ mid | odot ⊙ ldots … dots … cdots ⋯ { { } } | ‖
        % %
        """);

    private static readonly Dictionary<string, string> Spaces = Pairs(", 0.17em : 0.22em ; 0.28em ! 0em quad 1em qquad 2em");

    // Browsers stretch brackets by themselves.
    private static readonly string[] Ignored = ["left", "right"];

    private static readonly Dictionary<string, string> Accents = Pairs("hat ^ bar ¯ tilde ~ vec → dot ˙");

    // Far more than any readable formula needs, and far from a stack overflow.
    private const int MaxNesting = 100;

    private readonly string tex;
    private int at;
    private int depth;

    private TexMath(string tex) => this.tex = tex;

    /// <summary>Returns a formula as a <c>math</c> element, or as a <c>code</c> element when it is not supported.</summary>
    /// <param name="tex">The formula, without its dollar signs.</param>
    /// <param name="display">Whether it is displayed on a line of its own.</param>
    public static string ToMathMl(string tex, bool display)
    {
        try
        {
            var content = new TexMath(tex).Row(end: '\0');
            return $"<math xmlns=\"http://www.w3.org/1998/Math/MathML\" display=\"{(display ? "block" : "inline")}\"><mrow>{content}</mrow></math>";
        }
        catch (FormatException)
        {
            return $"<code>{WebUtility.HtmlEncode(tex)}</code>";
        }
    }

    private static Dictionary<string, string> Pairs(string table) =>
        table.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);

    private string Row(char end)
    {
        var row = new StringBuilder();
        for (SkipBlanks(); at < tex.Length && tex[at] != end; SkipBlanks())
        {
            row.Append(WithScripts(Atom()));
        }

        if (end != '\0')
        {
            Expect(end);
        }

        return row.ToString();
    }

    private string WithScripts(string atom)
    {
        string? below = null;
        string? above = null;
        for (SkipBlanks(); at < tex.Length && tex[at] is '_' or '^' or '\''; SkipBlanks())
        {
            switch (tex[at++])
            {
                case '_':
                    below = Argument();
                    break;
                case '^':
                    above += Argument();
                    break;
                default:
                    above += "<mo>′</mo>";
                    break;
            }
        }

        return (below, above) switch
        {
            (null, null) => atom,
            (null, _) => $"<msup>{atom}<mrow>{above}</mrow></msup>",
            (_, null) => $"<msub>{atom}<mrow>{below}</mrow></msub>",
            _ => $"<msubsup>{atom}<mrow>{below}</mrow><mrow>{above}</mrow></msubsup>",
        };
    }

    private string Argument()
    {
        SkipBlanks();
        return Atom();
    }

    private string Atom()
    {
        if (at >= tex.Length)
        {
            throw new FormatException("The formula is incomplete.");
        }

        if (++depth > MaxNesting)
        {
            throw new FormatException("The formula is nested too deeply.");
        }

        var c = tex[at++];
        var atom = c switch
        {
            '{' => $"<mrow>{Row('}')}</mrow>",
            '\\' => Command(),
            '}' or '&' or '$' or '#' or '_' or '^' => throw new FormatException($"'{c}' is not supported here."),
            _ when char.IsAsciiDigit(c) => Number(),
            _ when char.IsLetter(c) => $"<mi>{c}</mi>",
            '-' => "<mo>−</mo>",
            _ => $"<mo>{WebUtility.HtmlEncode(c.ToString())}</mo>",
        };
        depth--;
        return atom;
    }

    private string Number()
    {
        var start = at - 1;
        while (at < tex.Length && (char.IsAsciiDigit(tex[at]) || (tex[at] == '.' && at + 1 < tex.Length && char.IsAsciiDigit(tex[at + 1]))))
        {
            at++;
        }

        return $"<mn>{tex[start..at]}</mn>";
    }

    private string Command()
    {
        var name = Name();
        return name switch
        {
            "frac" or "tfrac" or "dfrac" => $"<mfrac>{Argument()}{Argument()}</mfrac>",
            "sqrt" => $"<msqrt>{Argument()}</msqrt>",
            "mathrm" or "operatorname" => $"<mi mathvariant=\"normal\">{Braced()}</mi>",
            "text" => $"<mtext>{Braced()}</mtext>",
            _ when Accents.TryGetValue(name, out var accent) => $"<mover accent=\"true\">{Argument()}<mo>{accent}</mo></mover>",
            _ when Identifiers.TryGetValue(name, out var identifier) => $"<mi>{identifier}</mi>",
            _ when Operators.TryGetValue(name, out var mark) => $"<mo>{mark}</mo>",
            _ when Ignored.Contains(name) => "",
            _ when Spaces.TryGetValue(name, out var width) => $"<mspace width=\"{width}\"></mspace>",
            _ => throw new FormatException($"The command '{name}' is not supported."),
        };
    }

    private string Name()
    {
        var start = at;
        while (at < tex.Length && char.IsAsciiLetter(tex[at]))
        {
            at++;
        }

        return start < at ? tex[start..at] : at < tex.Length ? tex[at++].ToString() : throw new FormatException("A command has no name.");
    }

    private string Braced()
    {
        SkipBlanks();
        Expect('{');
        var end = tex.IndexOf('}', at);
        if (end < 0)
        {
            throw new FormatException("A brace is not closed.");
        }

        var text = tex[at..end];
        at = end + 1;
        return WebUtility.HtmlEncode(text);
    }

    private void Expect(char c)
    {
        if (at >= tex.Length || tex[at++] != c)
        {
            throw new FormatException($"'{c}' is missing.");
        }
    }

    private void SkipBlanks()
    {
        while (at < tex.Length && char.IsWhiteSpace(tex[at]))
        {
            at++;
        }
    }
}
