using System.Globalization;
using IrohRpc;

namespace Chat;

/// <summary>Lines in, lines out, for pipes: what is said on standard output, the rest on standard error.</summary>
internal sealed class PlainView : IChatView
{
    public void Line(string room, ChatLine line, bool isHistory) => Console.Out.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{line.Time:HH:mm} #{room} <{PeerText.Escape(line.Name)}> {PeerText.Escape(line.Text)}"));

    public void Note(string room, string text) => Console.Error.WriteLine($"#{room} {text}");

    public async ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken) => await Console.In.ReadLineAsync(cancellationToken);
}
