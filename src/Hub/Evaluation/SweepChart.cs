using System.Globalization;
using System.Text;

namespace Crm.Integration.Hub.Evaluation;

/// <summary>Draws precision, recall and F1 by threshold as one self-contained SVG.</summary>
internal static class SweepChart
{
    private const int Width = 860, Height = 480, Left = 64, Right = 150, Top = 64, Bottom = 84;

    private static readonly (string Name, string Color, Func<SweepPoint, double> Of)[] s_lines =
        [("precision", "#1f6fb2", point => point.Precision), ("recall", "#c8502d", point => point.Recall), ("F1", "#2d7d46", point => point.F1)];

    /// <summary>The chart.</summary>
    /// <param name="title">What was measured.</param>
    /// <param name="points">The points, by ascending threshold.</param>
    /// <param name="review">The threshold from which a person is asked, as a weight.</param>
    /// <param name="link">The threshold from which pairs are linked, as a weight.</param>
    /// <param name="masters">How right the masters are in the end.</param>
    public static string Draw(string title, IReadOnlyList<SweepPoint> points, double review, double link, ClusterQuality masters)
    {
        double from = points[0].Bits, to = points[^1].Bits;
        var floor = Math.Min(0.9, Math.Floor(points.Min(point => Math.Min(point.Precision, Math.Min(point.Recall, point.F1))) * 10) / 10);
        double X(double bits) => Left + ((bits - from) / (to - from) * (Width - Left - Right));
        double Y(double share) => Top + ((1 - share) / (1 - floor) * (Height - Top - Bottom));

        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\" font-family=\"system-ui, 'Segoe UI', Arial, sans-serif\" font-size=\"13\" fill=\"#333\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#fff\"/>\n");
        Text(svg, Left, 28, title, "font-size=\"17\" font-weight=\"600\"");
        Text(svg, Left, 48, "pairs of records, by the probability from which they would be linked", "fill=\"#777\"");

        for (var tenth = (int)Math.Round(floor * 10); tenth <= 10; tenth++)
        {
            var y = Y(tenth / 10.0);
            Line(svg, Left, y, Width - Right, y, "stroke=\"#e4e4e4\"");
            Text(svg, Left - 10, y + 4, (tenth / 10.0).ToString("0.0", CultureInfo.InvariantCulture), "text-anchor=\"end\" fill=\"#777\"");
        }

        foreach (var share in (double[])[0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999])
        {
            var bits = Math.Log2(share / (1 - share));
            if (bits < from || bits > to)
                continue;
            Line(svg, X(bits), Top, X(bits), Height - Bottom, "stroke=\"#f2f2f2\"");
            Text(svg, X(bits), Height - Bottom + 20, share.ToString("0.######", CultureInfo.InvariantCulture), "text-anchor=\"middle\" fill=\"#777\"");
        }

        Threshold(svg, X(review), "review", "end");
        Threshold(svg, X(link), "link", "start");
        var labels = s_lines.Select(line => (line, Y: Y(line.Of(points[^1])))).OrderBy(label => label.Y).ToArray();
        var lowest = double.MinValue;
        foreach (var (line, at) in labels)
        {
            var path = string.Join(' ', points.Select((point, i) => string.Create(CultureInfo.InvariantCulture, $"{(i == 0 ? "M" : "L")}{X(point.Bits):0.0} {Y(line.Of(point)):0.0}")));
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"{path}\" fill=\"none\" stroke=\"{line.Color}\" stroke-width=\"2.2\" stroke-linejoin=\"round\"/>\n");

            // Three names at the ends of lines that may lie on each other.
            lowest = Math.Max(lowest + 17, at + 4);
            Text(svg, Width - Right + 10, lowest, line.Name, $"fill=\"{line.Color}\" font-weight=\"600\"");
        }

        Text(svg, Left, Height - 34, "probability (scale of weights: each step is as much evidence again)", "fill=\"#777\"");
        Text(
            svg,
            Left,
            Height - 14,
            string.Create(CultureInfo.InvariantCulture, $"The masters in the end: precision {masters.Precision:0.0000}, recall {masters.Recall:0.0000}, F1 {masters.F1:0.0000}, B-cubed F1 {masters.BCubedF1:0.0000}"),
            "");
        return svg.Append("</svg>\n").ToString();
    }

    private static void Threshold(StringBuilder svg, double x, string name, string anchor)
    {
        Line(svg, x, Top - 4, x, Height - Bottom, "stroke=\"#888\" stroke-dasharray=\"4 4\"");
        Text(svg, anchor == "end" ? x - 5 : x + 5, Height - Bottom - 8, name, $"text-anchor=\"{anchor}\" fill=\"#555\"");
    }

    private static void Line(StringBuilder svg, double x1, double y1, double x2, double y2, string style) =>
        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x1:0.0}\" y1=\"{y1:0.0}\" x2=\"{x2:0.0}\" y2=\"{y2:0.0}\" {style}/>\n");

    private static void Text(StringBuilder svg, double x, double y, string text, string style) =>
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.0}\" y=\"{y:0.0}\" {style}>{System.Security.SecurityElement.Escape(text)}</text>\n");
}
