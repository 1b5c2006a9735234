using System.Globalization;
using System.Text;

namespace IrohRpc.Gossip.Simulation;

/// <summary>Draws which share of deliveries took how long, one line for each scenario.</summary>
internal static class Plot
{
    private const int Width = 720;
    private const int Height = 360;
    private const int Left = 60;
    private const int Bottom = 40;

    private static readonly string[] Colours = ["#1b6ca8", "#2e8b57", "#c0392b", "#8e44ad"];

    public static string Draw(IReadOnlyList<(string Name, Figures Figures)> runs)
    {
        double most = Math.Max(100, Math.Ceiling(runs.Max(static run => run.Figures.P99Ms) * 1.2 / 100) * 100);
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        svg.AppendLine("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        for (int i = 0; i <= 4; i++)
        {
            double y = Y(i / 4.0);
            svg.AppendLine(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - 10}\" y1=\"{y:f1}\" y2=\"{y:f1}\" stroke=\"#ddd\"/><text x=\"{Left - 8}\" y=\"{y + 4:f1}\" text-anchor=\"end\">{i * 25} %</text>");
            double x = X(most * i / 4, most);
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{x:f1}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{most * i / 4:f0} ms</text>");
        }

        for (int run = 0; run < runs.Count; run++)
        {
            double[] sorted = runs[run].Figures.Latencies;
            var points = new StringBuilder();
            for (int i = 0; i <= 200; i++)
            {
                double latency = sorted[(int)((sorted.Length - 1) * i / 200.0)];
                if (latency <= most)
                {
                    points.Append(CultureInfo.InvariantCulture, $"{X(latency, most):f1},{Y(i / 200.0):f1} ");
                }
            }

            svg.AppendLine(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke-width=\"2\" stroke=\"{Colours[run % Colours.Length]}\" points=\"{points.ToString().Trim()}\"/>");
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Width - 180}\" y=\"{Height - Bottom - 90 + (run * 18)}\" fill=\"{Colours[run % Colours.Length]}\">{runs[run].Name}</text>");
        }

        svg.AppendLine("</svg>");
        return svg.ToString();
    }

    private static double X(double latency, double most) => Left + ((Width - Left - 10) * latency / most);

    private static double Y(double share) => Height - Bottom - ((Height - Bottom - 15) * share);
}
