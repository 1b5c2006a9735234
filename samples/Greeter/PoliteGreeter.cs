using System.Runtime.CompilerServices;
using IrohRpc;

namespace Greeter;

/// <summary>The service. It is an ordinary class: nothing in it knows that its callers are elsewhere.</summary>
/// <param name="log">Where it says what the caller cannot see.</param>
internal sealed class PoliteGreeter(TextWriter log) : IGreeter
{
    private static readonly Dictionary<string, string> Greetings = new() { ["de"] = "Guten Tag", ["en"] = "Hello", ["fr"] = "Bonjour" };

    public ValueTask<string> HelloAsync(string name, CancellationToken cancellationToken) => new($"Hello, {name}");

    public async IAsyncEnumerable<int> CountDownAsync(int from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int number = from; number > 0; number--)
        {
            yield return number;
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }
    }

    public async IAsyncEnumerable<string> HelloEachAsync(
        IAsyncEnumerable<string> names, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (string name in names.WithCancellation(cancellationToken))
        {
            yield return $"Hello, {name}";
        }
    }

    public async ValueTask<string> MeetAsync(IGuest guest, CancellationToken cancellationToken)
    {
        string name = await guest.AskAsync("What is your name?", cancellationToken);
        return $"Nice to meet you, {name}";
    }

    public async ValueTask<string> PractiseAsync(string language, IProgress<int> progress, CancellationToken cancellationToken)
    {
        for (int percent = 25; percent <= 100; percent += 25)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
            progress.Report(percent);
        }

        return $"I speak {language} better now";
    }

    public ValueTask<string> HelloInAsync(string language, string name, CancellationToken cancellationToken)
        => Greetings.TryGetValue(language, out string? greeting)
            ? new($"{greeting}, {name}")
            : throw new RpcFaultException<UnknownLanguage>(new UnknownLanguage(language, [.. Greetings.Keys.Order()]));

    public async IAsyncEnumerable<string> ChatAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                yield return "Lovely weather today";
                await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
            }
        }
        finally
        {
            log.WriteLine("service:   the caller has heard enough");
        }
    }
}
