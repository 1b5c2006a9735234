using System.Diagnostics;
using System.Globalization;
using IrohRpc.Model;

return args switch
{
    ["run", string count, string seed] => Environment.ProcessorCount == 1 ? await RunAsync(int.Parse(count, CultureInfo.InvariantCulture), int.Parse(seed, CultureInfo.InvariantCulture)) : Alone(args),
    ["soak", string transport, string minutes] => await new Soak(transport, TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture))).RunAsync(),
    ["replay", string seed] => Environment.ProcessorCount == 1 ? await ReplayAsync(int.Parse(seed, CultureInfo.InvariantCulture)) : Alone(args),
    _ => Usage(),
};

static async Task<int> RunAsync(int count, int seed)
{
    BecomeOneThread();
    return await Task.Run(async () =>
    {
        var watch = Stopwatch.StartNew();
        long calls = 0;
        int failures = 0;
        for (int index = 0; index < count; index++)
        {
            var schedule = new Schedule(seed + index, trace: null);
            using var watchdog = new Watchdog(seed + index);
            string? wrong = await schedule.RunAsync();
            calls += schedule.Calls;
            if (wrong is not null)
            {
                Console.Error.WriteLine($"seed {seed + index}: {wrong}");
                if (++failures == 20)
                {
                    break;
                }
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{count} schedules from seed {seed}, {calls} calls, {failures} failures, {watch.Elapsed.TotalSeconds:F0} s"));
        if (failures > 0)
        {
            Console.Error.WriteLine("To see the steps of one: dotnet run --project tests/IrohRpc.Model -- replay <seed>");
        }

        return failures == 0 ? 0 : 1;
    });
}

static async Task<int> ReplayAsync(int seed)
{
    BecomeOneThread();
    using var watchdog = new Watchdog(seed);
    string? wrong = await Task.Run(() => new Schedule(seed, Console.WriteLine).RunAsync());
    Console.WriteLine(wrong ?? "nothing is wrong");
    return wrong is null ? 0 : 1;
}

static void BecomeOneThread()
{
    if (!ThreadPool.SetMinThreads(1, 1) || !ThreadPool.SetMaxThreads(1, 1))
    {
        throw new InvalidOperationException("The thread pool cannot be made one thread.");
    }
}

// The pool can have one thread only where the runtime believes that there is one processor, which it has to be told before it starts.
static int Alone(string[] args)
{
    var start = new ProcessStartInfo(Environment.ProcessPath!, Path.GetFileName(Environment.ProcessPath!).StartsWith("dotnet", StringComparison.Ordinal) ? [typeof(Schedule).Assembly.Location, .. args] : args);
    start.Environment["DOTNET_PROCESSOR_COUNT"] = "1";
    using Process process = Process.Start(start)!;
    process.WaitForExit();
    return process.ExitCode;
}

static int Usage()
{
    Console.Error.WriteLine("run <count> <seed>    runs so many random schedules, one for each seed from <seed> on");
    Console.Error.WriteLine("soak <transport> <minutes>    makes calls of every shape over tls, quic or msquic with reconnects, and looks at what grows");
    Console.Error.WriteLine("replay <seed>         runs one schedule again and says what happens in it");
    return 2;
}
