namespace IrohRpc.Model;

/// <summary>Ends the process where a schedule does not end: with one thread, nobody else can say which it is.</summary>
internal sealed class Watchdog : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ManualResetEventSlim _ended = new();
    private readonly Thread _thread;

    public Watchdog(int seed)
    {
        _thread = new Thread(() =>
        {
            if (!_ended.Wait(Patience))
            {
                Console.Error.WriteLine($"seed {seed}: the schedule has not ended after {Patience}");
                Environment.Exit(1);
            }
        }) { IsBackground = true };
        _thread.Start();
    }

    public void Dispose()
    {
        _ended.Set();
        _thread.Join();
        _ended.Dispose();
    }
}
