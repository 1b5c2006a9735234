using System.Globalization;
using System.Text;

namespace IrohRpc.Quic.Tests.Simulation;

/// <summary>Draws lines over time as SVG, readable on light and dark pages.</summary>
internal sealed class SvgPlot(string title, string unit, double duration, double maximum)
{
    private const int Width = 760;
    private const int Height = 260;
    private const int Left = 56;
    private const int Right = 16;
    private const int Top = 40;
    private const int Bottom = 34;

    private static readonly string[] Colours = ["#2563eb", "#ea580c", "#16a34a", "#9333ea"];

    private readonly StringBuilder _body = new();
    private int _series;

    /// <summary>Adds a line.</summary>
    public void Add(string name, IEnumerable<(double Time, double Value)> points, bool isReference = false)
    {
        string colour = isReference ? "#9ca3af" : Colours[_series % Colours.Length];
        string path = string.Join(' ', points.Select(point => Invariant($"{X(point.Time):f1},{Y(point.Value):f1}")));
        string dash = isReference ? " stroke-dasharray=\"5 4\"" : "";
        _body.AppendLine(Invariant($"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.6\"{dash} points=\"{path}\"/>"));
        _body.AppendLine(Invariant($"<text x=\"{Left + (_series * 170)}\" y=\"32\" fill=\"{colour}\">{name}</text>"));
        _series++;
    }

    /// <summary>The whole picture.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"11\">"));
        text.AppendLine("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        text.AppendLine(Invariant($"<text x=\"{Left}\" y=\"16\" font-size=\"13\" fill=\"#111827\">{title}</text>"));
        for (int i = 0; i <= 4; i++)
        {
            double value = maximum * i / 4;
            text.AppendLine(Invariant($"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(value):f1}\" y2=\"{Y(value):f1}\" stroke=\"#e5e7eb\"/>"));
            text.AppendLine(Invariant($"<text x=\"{Left - 6}\" y=\"{Y(value) + 4:f1}\" text-anchor=\"end\" fill=\"#4b5563\">{value:0.#}</text>"));
        }

        for (double time = 0; time <= duration; time += duration / 6)
        {
            text.AppendLine(Invariant($"<text x=\"{X(time):f1}\" y=\"{Height - 16}\" text-anchor=\"middle\" fill=\"#4b5563\">{time:0.#} s</text>"));
        }

        text.AppendLine(Invariant($"<text x=\"12\" y=\"{Height / 2}\" transform=\"rotate(-90 12 {Height / 2})\" text-anchor=\"middle\" fill=\"#4b5563\">{unit}</text>"));
        text.Append(_body);
        text.AppendLine("</svg>");
        return text.ToString();
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static double X(double time, double duration) => Left + (time / duration * (Width - Left - Right));

    private double X(double time) => X(time, duration);

    private double Y(double value) => Height - Bottom - (Math.Min(value, maximum) / maximum * (Height - Top - Bottom));
}
