using IrohRpc;

namespace Greeter;

/// <summary>The caller. Each method shows one thing that a call can do, and prints it.</summary>
internal static class Tour
{
    public static async Task RunAsync(IGreeter greeter)
    {
        await UnaryAsync(greeter);
        await StreamAsync(greeter);
        await DuplexAsync(greeter);
        await CallbackAsync(greeter);
        await ProgressAsync(greeter);
        await FaultAsync(greeter);
        await CancellationAsync(greeter);
    }

    private static async Task UnaryAsync(IGreeter greeter)
        => Console.WriteLine($"unary:     {await greeter.HelloAsync("world")}");

    private static async Task StreamAsync(IGreeter greeter)
    {
        await foreach (int number in greeter.CountDownAsync(3))
        {
            Console.WriteLine($"stream:    {number}");
        }
    }

    private static async Task DuplexAsync(IGreeter greeter)
    {
        await foreach (string greeting in greeter.HelloEachAsync(NamesAsync()))
        {
            Console.WriteLine($"duplex:    {greeting}");
        }

        static async IAsyncEnumerable<string> NamesAsync()
        {
            foreach (string name in (string[])["Ada", "Grace"])
            {
                Console.WriteLine($"duplex:    (this is {name})");
                yield return name;
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }
        }
    }

    private static async Task CallbackAsync(IGreeter greeter)
        => Console.WriteLine($"callback:  {await greeter.MeetAsync(new Guest("Alan"))}");

    private static async Task ProgressAsync(IGreeter greeter)
    {
        string result = await greeter.PractiseAsync("French", new PrintedProgress());
        Console.WriteLine($"progress:  {result}");
    }

    private static async Task FaultAsync(IGreeter greeter)
    {
        Console.WriteLine($"fault:     {await greeter.HelloInAsync("fr", "world")}");
        try
        {
            await greeter.HelloInAsync("tlh", "world");
        }
        catch (RpcFaultException<UnknownLanguage> fault)
        {
            Console.WriteLine($"fault:     no {fault.Detail.Language}, only {string.Join(", ", fault.Detail.Known)}");
        }
    }

    private static async Task CancellationAsync(IGreeter greeter)
    {
        using var enough = new CancellationTokenSource();
        try
        {
            await foreach (string remark in greeter.ChatAsync(enough.Token))
            {
                Console.WriteLine($"cancel:    {remark}");
                await enough.CancelAsync();
            }
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("cancel:    that was enough");
        }
    }

    /// <summary>An object that is called back.</summary>
    private sealed class Guest(string name) : IGuest
    {
        public ValueTask<string> AskAsync(string question, CancellationToken cancellationToken)
        {
            Console.WriteLine($"callback:  (the service asks: {question})");
            return new(name);
        }
    }

    /// <summary>Prints at once; <see cref="Progress{T}"/> would hand each report to the thread pool, where they may overtake each other.</summary>
    private sealed class PrintedProgress : IProgress<int>
    {
        public void Report(int value) => Console.WriteLine($"progress:  {value} %");
    }
}
