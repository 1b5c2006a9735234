using System.Diagnostics;
using System.Globalization;
using IrohRpc.Fuzzing;
using SharpFuzz;

Coverage.Discard();

return args switch
{
    ["list"] => List(),
    ["run", string name, string count, string seed] => Run(name, Number(count), (int)Number(seed), keepIn: null),
    ["run", string name, string count, string seed, string folder] => Run(name, Number(count), (int)Number(seed), folder),
    ["one", string name, string input] => One(FuzzTargets.Find(name), Convert.FromHexString(input)),
    ["export", string name, string folder] => Export(FuzzTargets.Find(name), folder),
    ["afl", string name] => Afl(FuzzTargets.Find(name)),
    _ => Usage(),
};

static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

static int List()
{
    foreach (FuzzTarget target in FuzzTargets.All)
    {
        Console.WriteLine(target.Name);
    }

    return 0;
}

static int Run(string name, long count, int seed, string? keepIn)
{
    int failures = 0;
    foreach (FuzzTarget target in name == "all" ? FuzzTargets.All : [FuzzTargets.Find(name)])
    {
        var watch = Stopwatch.StartNew();
        var run = new FuzzRun(target, seed);
        string? wrong = run.Run(count);
        if (wrong is not null)
        {
            Console.Error.WriteLine(wrong);
            failures++;
        }

        if (keepIn is not null)
        {
            Corpus.Save(keepIn, target, run.Found);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{target.Name}: {count} runs, {run.Branches} branches, {watch.Elapsed.TotalSeconds:F1} s, {(wrong is null ? "nothing wrong" : "WRONG")}"));
    }

    return failures == 0 ? 0 : 1;
}

static int One(FuzzTarget target, byte[] input)
{
    string? wrong = FuzzRun.Once(target, input);
    Console.WriteLine(wrong ?? "nothing wrong");
    return wrong is null ? 0 : 1;
}

static int Export(FuzzTarget target, string folder)
{
    Directory.CreateDirectory(folder);
    int number = 0;
    foreach (byte[] input in Corpus.Load(target))
    {
        File.WriteAllBytes(Path.Combine(folder, $"{number++}"), input);
    }

    return 0;
}

static int Afl(FuzzTarget target)
{
    // Whatever is made once is made before the fuzzer counts branches.
    foreach (byte[] input in Corpus.Load(target))
    {
        target.Run(input);
    }

    Fuzzer.OutOfProcess.Run(stream =>
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);

        // Time and memory count as well.
        if (FuzzRun.Once(target, copy.ToArray()) is { } wrong)
        {
            throw new FuzzFinding(wrong);
        }
    });
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("list                                    names the targets");
    Console.Error.WriteLine("run <target|all> <count> <seed> [folder]  runs so many inputs each; guided by coverage where the assemblies were instrumented; keeps what is new in a folder");
    Console.Error.WriteLine("one <target> <hexadecimal>              runs one input");
    Console.Error.WriteLine("export <target> <folder>                writes the corpus as files, for AFL++");
    Console.Error.WriteLine("afl <target>                            is run by afl-fuzz; see eng/fuzz.sh");
    return 2;
}
