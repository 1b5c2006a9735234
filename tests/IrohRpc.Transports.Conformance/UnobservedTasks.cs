using System.Collections.Concurrent;

namespace IrohRpc.Transports.Conformance;

/// <summary>Fails when a task failed and nobody looked: in the class that ends first after it was found, since nobody knows whose it was.</summary>
public sealed class UnobservedTasks : IDisposable
{
    private static readonly ConcurrentQueue<AggregateException> Seen = new();

    static UnobservedTasks() => TaskScheduler.UnobservedTaskException += Note;

    public void Dispose()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var found = new List<AggregateException>();
        while (Seen.TryDequeue(out AggregateException? exception))
        {
            found.Add(exception);
        }

        if (found.Count > 0)
        {
            throw new AggregateException("Tasks failed and nobody observed it.", found);
        }
    }

    private static void Note(object? sender, UnobservedTaskExceptionEventArgs args)
    {
        // What a failing case of the suite leaves behind would only hide why it failed.
        if (!args.Exception.InnerExceptions.All(exception => IsOfTheSuite(exception) || IsOfThePlatform(exception)))
        {
            Seen.Enqueue(args.Exception);
        }
    }

    private static bool IsOfTheSuite(Exception exception)
        => exception.StackTrace?.Contains(typeof(UnobservedTasks).Namespace!, StringComparison.Ordinal) == true;

    // System.Net.Quic validates certificates in a task of its own that it does not look at; closing the connection meanwhile fails it.
    private static bool IsOfThePlatform(Exception exception)
        => exception is ObjectDisposedException
            && exception.StackTrace is { } trace
            && trace.Contains("System.Net.Quic.QuicConnection.SslConnectionOptions.StartAsyncCertificateValidation", StringComparison.Ordinal)
            && !trace.Contains("IrohRpc.", StringComparison.Ordinal);
}
