using System.Globalization;
using Spectre.Console;

namespace Tunnel;

/// <summary>A table of the busiest streams and a line of totals, renewed in place below the lines that scroll by.</summary>
internal sealed class LiveView : ITunnelView
{
    private const int Rows = 12;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly IAnsiConsole _console;
    private readonly ForwardingSet _forwardings;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _drawing;
    private (long ToPeer, long FromPeer) _lastBytes;

    public LiveView(IAnsiConsole console, ForwardingSet forwardings)
    {
        _console = console;
        _forwardings = forwardings;
        _drawing = DrawAsync();
    }

    public void Line(string text)
        => _console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[grey]{DateTimeOffset.Now:HH:mm:ss}[/] {text}");

    public void Trouble(string text)
        => _console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[grey]{DateTimeOffset.Now:HH:mm:ss}[/] [yellow]{text}[/]");

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _drawing;
        _stopping.Dispose();
    }

    private Task DrawAsync() => _console.Live(Picture()).StartAsync(async live =>
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                live.UpdateTarget(Picture());
            }
        }
        catch (OperationCanceledException)
        {
            live.UpdateTarget(Picture());
        }
    });

    private Rows Picture()
    {
        ICollection<Forwarding> active = _forwardings.Active;
        (long toPeer, long fromPeer) = _forwardings.Bytes;
        Table table = new Table().RoundedBorder().BorderColor(Color.Grey).AddColumns(
            new TableColumn("stream").RightAligned(),
            new TableColumn("from"),
            new TableColumn("to peer").RightAligned(),
            new TableColumn("from peer").RightAligned(),
            new TableColumn("age").RightAligned());
        foreach (Forwarding forwarding in active.OrderByDescending(one => one.BytesToPeer + one.BytesFromPeer).Take(Rows))
        {
            table.AddRow(
                forwarding.Id.ToString(CultureInfo.InvariantCulture),
                Markup.Escape(forwarding.From),
                Size(forwarding.BytesToPeer),
                Size(forwarding.BytesFromPeer),
                forwarding.Age.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture));
        }

        double seconds = Interval.TotalSeconds;
        var totals = new Text(string.Create(
            CultureInfo.InvariantCulture,
            $"{active.Count} open, {_forwardings.Total} in all; to peer {Size(toPeer)} ({Size((toPeer - _lastBytes.ToPeer) / seconds)}/s), "
            + $"from peer {Size(fromPeer)} ({Size((fromPeer - _lastBytes.FromPeer) / seconds)}/s)"));
        _lastBytes = (toPeer, fromPeer);
        return new Rows(table, totals);
    }

    private static string Size(double bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        int unit = 0;
        for (; bytes >= 1024 && unit < units.Length - 1; unit++)
        {
            bytes /= 1024;
        }

        return bytes.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + units[unit];
    }
}
