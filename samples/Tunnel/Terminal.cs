using System.Net.Sockets;
using IrohRpc;
using Spectre.Console;

namespace Tunnel;

/// <summary>Runs a command with its view and its stop signal, and turns errors into a sentence and an exit code.</summary>
internal static class Terminal
{
    public static async Task<int> RunAsync(Func<ITunnelView, ForwardingSet, CancellationToken, Task> command)
    {
        using var stop = new StopSignal();
        var forwardings = new ForwardingSet();
        await using ITunnelView view = Console.IsErrorRedirected
            ? new PlainView(Console.Error)
            : new LiveView(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }), forwardings);
        try
        {
            await command(view, forwardings, stop.Token);
            return 0;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception exception) when (exception is IOException or SocketException or FormatException or UnauthorizedAccessException)
        {
            view.Line($"error: {exception.Message}");
            return 1;
        }
    }
}
