using System.Diagnostics;
using IrohRpc.Blobs;
using Spectre.Console;

namespace Drop;

/// <summary>Shows how far a download is: a bar with rate and time left on a terminal, a line a second elsewhere.</summary>
internal static class ProgressView
{
    public static async Task ShowAsync(Func<IAsyncEnumerable<BlobDownloadProgress>> download, CancellationToken cancellationToken)
    {
        if (Console.IsErrorRedirected)
        {
            await ShowPlainAsync(download(), cancellationToken);
            return;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Progress()
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                ProgressTask task = context.AddTask("download", maxValue: 1);
                task.IsIndeterminate = true;
                long? total = null;
                await foreach (BlobDownloadProgress progress in download().WithCancellation(cancellationToken))
                {
                    if (progress.BytesTotal is { } known && total is null)
                    {
                        total = known;
                        task.MaxValue = Math.Max(1, known);
                        task.IsIndeterminate = false;
                    }

                    if (total is not null)
                    {
                        task.Value = progress.BytesPresent;
                    }
                }

                task.Value = task.MaxValue;
            });
    }

    private static async Task ShowPlainAsync(IAsyncEnumerable<BlobDownloadProgress> download, CancellationToken cancellationToken)
    {
        long last = Stopwatch.GetTimestamp();
        long start = last;
        await foreach (BlobDownloadProgress progress in download.WithCancellation(cancellationToken))
        {
            if (Stopwatch.GetElapsedTime(last) < TimeSpan.FromSeconds(1))
            {
                continue;
            }

            last = Stopwatch.GetTimestamp();
            double rate = progress.BytesReceived / Stopwatch.GetElapsedTime(start).TotalSeconds;
            Console.Error.WriteLine(progress.BytesTotal is { } total && rate > 0
                ? $"{100 * progress.BytesPresent / Math.Max(1, total)} %, {Text.Size(progress.BytesPresent)} of {Text.Size(total)}, {Text.Size(rate)}/s, {(total - progress.BytesPresent) / rate:0} s left"
                : Text.Size(progress.BytesPresent));
        }
    }
}
